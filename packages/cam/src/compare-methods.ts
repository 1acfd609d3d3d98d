import type { Box, ImageSource, Preprocessing } from '@cnnkit/images'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ActivationMap } from './activation-map.ts'
import { type LocalizeOptions, localize } from './localize.ts'
import { bestIou, pointsAt } from './metrics/boxes.ts'
import { confidenceChange } from './metrics/confidence.ts'
import { deletion, insertion } from './metrics/deletion.ts'
import { type MetricOptions, throwIfAborted } from './metrics/judged.ts'
import { road } from './metrics/road.ts'
import type { MapFunction } from './procedure.ts'

/** A picture that methods are compared on. */
export interface ComparedPicture {
  /** Whatever holds a picture here. */
  readonly image: ImageSource
  /** The class that is explained and whose score is looked at. */
  readonly target: number
  /** Where the object is, in pixels of the picture; without boxes it takes no part in the figures about boxes. */
  readonly boxes?: readonly Box[]
}

/** What can be measured of a map; all but `boxes` runs the network many times. */
export type MapMetric = 'boxes' | 'confidence' | 'deletion' | 'insertion' | 'road'

/** Options of {@link compareMethods}. */
export interface CompareOptions extends Omit<MetricOptions, 'target'> {
  /** The layer that all methods read; each one's own unless given. */
  readonly layer?: string | readonly string[]
  /** What is measured; all unless given, `boxes` where pictures have boxes. */
  readonly metrics?: readonly MapMetric[]
  /** Steps of deletion and insertion; 28 unless given. */
  readonly steps?: number
  /** Percentiles of ROAD; 20, 40, 60 and 80 unless given. */
  readonly percentiles?: readonly number[]
  /** How boxes are made of maps; as {@link localize} does unless given. */
  readonly localize?: Pick<LocalizeOptions, 'threshold'>
  /** How far beside a box a map may point, in pixels of the picture; 0 unless given. */
  readonly tolerance?: number
  /** Given each map before it is measured, with the place of its picture in the list. */
  readonly onMap?: (map: ActivationMap, method: string, picture: number) => void
  /** Told after each map that was measured. */
  readonly onProgress?: (progress: { readonly method: string; readonly done: number; readonly total: number }) => void
}

/** What a method comes to over pictures: means. What was not measured is absent. */
export interface MethodScores {
  /** The name it was given. */
  readonly method: string
  /** How many pictures. */
  readonly pictures: number
  /** How many maps were empty. */
  readonly empty: number
  /** For one map, the way through the network included. */
  readonly millisecondsPerMap: number
  /** Share of pictures in which the box of the map has an IoU of 0.5 or more with one of the true boxes. */
  readonly localized?: number
  /** IoU of that box. */
  readonly iou?: number
  /** Share of pictures in which the map points at the object. */
  readonly pointing?: number
  /** Average drop, 0 to 1: less is better. */
  readonly averageDrop?: number
  /** Average increase, 0 to 1: more is better. */
  readonly averageIncrease?: number
  /** Area under the deletion curve: less is better. */
  readonly deletion?: number
  /** Area under the insertion curve: more is better. */
  readonly insertion?: number
  /** Combined ROAD: more is better. */
  readonly road?: number
}

/**
 * Methods side by side on the same pictures, in one table.
 *
 * ```ts
 * const rows = await compareMethods(model, pictures, {
 *   'grad-cam': gradCam,
 *   'score-cam, 64 channels': (model, image, options) => scoreCam(model, image, { ...options, channels: 64 }),
 * })
 * ```
 *
 * @returns a row a method, in the order given
 * @throws `ABORTED`, and what methods and metrics throw
 */
export async function compareMethods(
  model: LayersModel,
  pictures: readonly ComparedPicture[],
  methods: Readonly<Record<string, ComparedMethod>>,
  options: CompareOptions = {},
): Promise<readonly MethodScores[]> {
  const rows: MethodScores[] = []
  const total = pictures.length * Object.keys(methods).length
  for (const [method, mapOf] of Object.entries(methods)) {
    const tally = new Tally()
    for (const [i, picture] of pictures.entries()) {
      throwIfAborted(options.signal)
      const { layer, preprocessing } = options
      const started = performance.now()
      const map = await mapOf(model, picture.image, {
        target: picture.target,
        ...(layer !== undefined && { layer }),
        ...(preprocessing && { preprocessing }),
      })
      tally.add('millisecondsPerMap', performance.now() - started)
      tally.add('empty', Number(map.empty))
      options.onMap?.(map, method, i)
      await measure(tally, { model, picture, map }, options)
      options.onProgress?.({ method, done: rows.length * pictures.length + i + 1, total })
    }
    const means = tally.means()
    rows.push({ ...means, method, pictures: pictures.length, empty: Math.round((means.empty ?? 0) * pictures.length) })
  }
  return rows
}

/** A method as {@link compareMethods} calls it; every {@link MapFunction} is one. */
export type ComparedMethod = (
  model: LayersModel,
  image: ImageSource,
  options: {
    readonly target: number
    readonly layer?: string | readonly string[]
    readonly preprocessing?: Preprocessing
  },
) => Promise<ActivationMap>

interface Case {
  readonly model: LayersModel
  readonly picture: ComparedPicture
  readonly map: ActivationMap
}

const ALL: readonly MapMetric[] = ['boxes', 'confidence', 'deletion', 'insertion', 'road']

async function measure(tally: Tally, { model, picture, map }: Case, options: CompareOptions): Promise<void> {
  const { metrics = ALL, steps = 28, percentiles = [20, 40, 60, 80] } = options
  const { image, target, boxes } = picture
  const asked = { ...options, target, steps, percentiles }
  if (metrics.includes('boxes') && boxes) {
    const overlap = bestIou(localize(map, options.localize)[0]?.box, boxes)
    tally.add('localized', Number(overlap >= 0.5))
    tally.add('iou', overlap)
    tally.add('pointing', Number(pointsAt(map, boxes, options.tolerance)))
  }
  if (metrics.includes('confidence')) {
    const { drop, increased } = await confidenceChange(model, image, map, asked)
    tally.add('averageDrop', drop)
    tally.add('averageIncrease', Number(increased))
  }
  if (metrics.includes('deletion')) tally.add('deletion', (await deletion(model, image, map, asked)).area)
  if (metrics.includes('insertion')) tally.add('insertion', (await insertion(model, image, map, asked)).area)
  if (metrics.includes('road')) tally.add('road', (await road(model, image, map, asked)).combined)
}

type Figure = Exclude<keyof MethodScores, 'method' | 'pictures'>

/** Means of figures. */
class Tally {
  readonly #sums = new Map<Figure, { sum: number; count: number }>()

  add(figure: Figure, value: number): void {
    const { sum, count } = this.#sums.get(figure) ?? { sum: 0, count: 0 }
    this.#sums.set(figure, { sum: sum + value, count: count + 1 })
  }

  means(): Pick<MethodScores, 'empty' | 'millisecondsPerMap'> & Partial<MethodScores> {
    const means = [...this.#sums].map(([figure, { sum, count }]) => [figure, sum / count])
    return Object.fromEntries(means) as Pick<MethodScores, 'empty' | 'millisecondsPerMap'>
  }
}
