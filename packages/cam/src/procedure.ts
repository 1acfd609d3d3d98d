import { CnnkitError } from '@cnnkit/errors'
import { cropBox, type ImageSource, type Preprocessing, preprocess, toPicture } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ActivationMap, inUnitRange, merged } from './activation-map.ts'
import { gridsOf } from './grid.ts'
import type { Evidence, Method } from './method.ts'
import { networkOf } from './network.ts'
import { Pass } from './pass.ts'
import { Scorer, type Target } from './target.ts'

/** Options of every method. */
export interface MapOptions {
  /**
   * The layer whose grid is read, by path (`'stage4'`, `'stage3.block2'`) or name; the last stage unless given, or the last
   * grid of a model that has no stages. Of several layers the maps are scaled to 0 to 1 each, resized to the network's
   * input, averaged and scaled again, as in pytorch-grad-cam.
   */
  readonly layer?: string | readonly string[]
  /** What is explained, the same for all pictures or one class for each; the class the network finds most probable unless given. */
  readonly target?: Target
  /** What is done to pictures before the network sees them; what the model's card says unless given. */
  readonly preprocessing?: Preprocessing
}

/**
 * A method as it is called: with one picture for one map, with several for as many, all of which go through the network
 * at once. A tensor `[batch, height, width, channels]` is taken as the network's input, as it is.
 */
export interface MapFunction<Options extends MapOptions = MapOptions> {
  (model: LayersModel, image: ImageSource, options?: Options): Promise<ActivationMap>
  (model: LayersModel, images: readonly ImageSource[] | Tensor4D, options?: Options): Promise<readonly ActivationMap[]>
}

/**
 * A function that makes maps by a method of one's own.
 *
 * ```ts
 * const gradientTimesActivation = mapsBy(() => ({
 *   name: 'gradient-times-activation',
 *   map: ({ activations, gradients }) => sum(mul(activations, gradients()), 3),
 * }))
 * const map = await gradientTimesActivation(model, picture)
 * ```
 *
 * The function throws `UNKNOWN_LAYER`, `NOT_A_GRID` for a layer that has no height and width, `NOT_ON_THE_WAY` for one that
 * the first output does not need, `UNKNOWN_CLASS`, `INVALID_TARGET`, `TARGETS_AND_PICTURES`, `NO_LOGITS`, `NO_CARD`, and
 * `NOT_FINITE` where the network gives infinities or NaN.
 *
 * @param methodOf the method for the options that the function is called with
 */
export function mapsBy<Options extends MapOptions = MapOptions>(
  methodOf: (options: Options) => Method,
): MapFunction<Options> {
  const maps = async (model: LayersModel, given: Given, options = {} as Options): Promise<unknown> => {
    const made = await mapsOf(methodOf(options), model, given, options)
    return Array.isArray(given) || isBatch(given) ? made : made[0]
  }
  return maps as MapFunction<Options>
}

type Given = ImageSource | readonly ImageSource[] | Tensor4D

async function mapsOf(
  method: Method,
  model: LayersModel,
  given: Given,
  options: MapOptions,
): Promise<readonly ActivationMap[]> {
  const network = networkOf(model)
  const grids = gridsOf(network, options.layer, method.reads)
  const { inputs, boxes } = inputsOf(model, given, options.preprocessing)
  let [scorer, pass]: [Scorer?, Pass?] = []
  try {
    scorer = new Scorer(options.target, model, boxes.length)
    pass = new Pass(
      network,
      inputs,
      grids.map(({ id }) => id),
      scorer,
    )
    const raw: RawMaps[] = []
    for (const index of grids.keys()) raw.push(await rawMaps(method, pass.evidence(index), model))
    const classes = await scorer.classes?.data()
    const [, height, width] = inputs.shape
    return boxes.map((box, i) => {
      const each = raw.map((maps) => inUnitRange({ ...maps, values: maps.of(i) }))
      const map = each.length === 1 ? { ...each[0]!, raw: raw[0]!.of(i) } : merged(each, height, width)
      const layer = grids.map(({ name }) => name).join(', ')
      return { ...map, method: method.name, layer, target: classes?.[i], box }
    })
  } finally {
    pass?.dispose()
    scorer?.dispose()
    if (!isBatch(given)) inputs.dispose()
  }
}

interface RawMaps {
  readonly height: number
  readonly width: number
  /** The values of one picture's map. */
  of(picture: number): Float32Array
}

async function rawMaps(method: Method, evidence: Evidence, model: LayersModel): Promise<RawMaps> {
  const maps = 'map' in method ? tidy(() => method.map(evidence)) : await method.mapInBatches(evidence)
  const [, height, width] = maps.shape
  const values = (await maps.data()) as Float32Array
  maps.dispose()
  if (values.every(Number.isFinite)) {
    return { height, width, of: (i) => values.slice(i * height * width, (i + 1) * height * width) }
  }
  throw new CnnkitError(
    'cam',
    'NOT_FINITE',
    `The ${method.name} of ${model.name} holds infinities or NaN. Look at the model's weights and at what it gives for the picture.`,
  )
}

/** What the network is given, and which part of each picture that is. */
function inputsOf(
  model: LayersModel,
  given: Given,
  preprocessing: Preprocessing | undefined,
): { readonly inputs: Tensor4D; readonly boxes: readonly ActivationMap['box'][] } {
  if (isBatch(given)) {
    const [batch, height, width] = given.shape
    return { inputs: given, boxes: Array.from({ length: batch }, () => [0, 0, width, height] as const) }
  }
  const how = preprocessing ?? cardOf(model).preprocessing
  const pictures = (Array.isArray(given) ? (given as readonly ImageSource[]) : [given as ImageSource]).map(toPicture)
  const boxes = pictures.map(({ width, height }) => cropBox(width, height, how))
  return { inputs: preprocess(pictures, how), boxes }
}

const isBatch = (given: Given): given is Tensor4D => 'shape' in given && given.shape.length === 4
