import type { ImageSource } from '@cnnkit/images'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ActivationMap } from '../activation-map.ts'
import { type Baseline, baselineOf } from './blur.ts'
import { type Judged, judged, type MetricOptions } from './judged.ts'

/** Options of {@link deletion} and {@link insertion}. */
export interface PixelOptions extends MetricOptions {
  /** What is there where a pixel is not: `zero` for deletion and `blur` for insertion unless given, as in the paper. */
  readonly baseline?: Baseline
  /** In how many steps all pixels go or come; as many as the input has rows unless given, as in the paper. */
  readonly steps?: number
}

/** How a score goes as pixels go or come in the order of a map. */
export interface ScoreCurve {
  /** The score before the first step and after each. */
  readonly scores: Float32Array
  /** The area under the curve over shares of pixels from 0 to 1, by trapezoids. */
  readonly area: number
}

/**
 * How fast a score falls as the pixels go that a map calls the strongest (Petsiuk et al. 2018, "RISE: randomized input
 * sampling for explanation of black-box models", section 4.1). The less area, the better the map.
 *
 * @throws `NO_CLASS`, `UNKNOWN_CLASS`, `ABORTED`
 */
export async function deletion(
  model: LayersModel,
  image: ImageSource,
  map: ActivationMap,
  options: PixelOptions = {},
): Promise<ScoreCurve> {
  const picture = await judged(model, image, map, options)
  const absent = baselineOf(picture, options.baseline ?? 'zero')
  return curve(picture, { from: picture.pixels, to: absent, steps: options.steps })
}

/**
 * How fast a score rises as the pixels come that a map calls the strongest, out of a blur (Petsiuk et al. 2018, section 4.1).
 * The more area, the better the map.
 *
 * @throws `NO_CLASS`, `UNKNOWN_CLASS`, `ABORTED`
 */
export async function insertion(
  model: LayersModel,
  image: ImageSource,
  map: ActivationMap,
  options: PixelOptions = {},
): Promise<ScoreCurve> {
  const picture = await judged(model, image, map, options)
  const absent = baselineOf(picture, options.baseline ?? 'blur')
  return curve(picture, { from: absent, to: picture.pixels, steps: options.steps })
}

interface Way {
  readonly from: Float32Array
  readonly to: Float32Array
  readonly steps: number | undefined
}

async function curve(picture: Judged, { from, to, steps = picture.height }: Way): Promise<ScoreCurve> {
  const { heat, channels } = picture
  const order = Array.from(heat.keys()).sort((a, b) => heat[b]! - heat[a]!)
  const perStep = Math.ceil(order.length / steps)
  function* forms(): Generator<Float32Array> {
    const form = Float32Array.from(from)
    yield form
    for (let start = 0; start < order.length; start += perStep) {
      for (const place of order.slice(start, start + perStep)) {
        const at = place * channels
        form.set(to.subarray(at, at + channels), at)
      }
      yield form
    }
  }
  const scores = await picture.score(forms())
  const sum = scores.reduce((total, score) => total + score, 0)
  return { scores, area: (sum - (scores[0]! + scores.at(-1)!) / 2) / (scores.length - 1) }
}
