import { CnnkitError } from '@cnnkit/errors'
import { cropBox, type ImageSource, preprocess, toPicture } from '@cnnkit/images'
import { cardOf, endpoint, runStretch, stages, stretch } from '@cnnkit/layers'
import {
  argMax,
  cast,
  dispose,
  div,
  grad,
  greater,
  max,
  mul,
  oneHot,
  relu,
  squeeze,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ActivationMap } from './activation-map.ts'
import { tailOf } from './logits.ts'

/**
 * What a map explains: a class by its index, or a score worked out from the logits `[1, classes]` as a scalar or `[1]`.
 */
export type Target = number | ((logits: Tensor2D) => Tensor)

/** Options of every method. */
export interface MapOptions {
  /** The layer whose grid is read, by path (`'stage4'`, `'stage3.block2'`); the last stage unless given. */
  readonly layer?: string
  /** The class the network finds most probable unless given. */
  readonly target?: Target
}

/** What a method weighs: one picture's grid at the layer, and the gradient of the target for it. */
export interface Evidence {
  /** `[height, width, channels]` */
  readonly activations: Tensor3D
  /** `[height, width, channels]` */
  readonly gradients: Tensor3D
}

/** One idea of what in a grid counts: from the evidence to a map `[height, width]`, before negative values are cut off. */
export type Method = (evidence: Evidence) => Tensor2D

/**
 * The procedure that all methods share: the picture goes up to the layer, from there to the logits, the target's gradient
 * comes back to the layer, the method weighs, negative values are cut off, the strongest becomes 1.
 *
 * @throws `UNKNOWN_LAYER`, `NOT_A_GRID` for a layer that has no height and width, `UNKNOWN_CLASS`, `NO_LOGITS`, `NO_CARD`
 */
export async function mapOf(
  name: string,
  method: Method,
  model: LayersModel,
  image: ImageSource,
  options: MapOptions = {},
): Promise<ActivationMap> {
  const { preprocessing } = cardOf(model)
  const layer = options.layer ?? lastStage(model)
  const at = endpoint(model, layer)
  if (at.shape.length !== 4) {
    throw new CnnkitError(
      'cam',
      'NOT_A_GRID',
      `"${layer}" of ${model.name} hands on [${at.shape.join(', ')}], which has no height and width. Use a stage or a convolution.`,
    )
  }
  checkClass(model, options.target)
  const picture = toPicture(image)
  const up = stretch(model, model.inputs[0]!, at)
  const tail = tailOf(model, at)
  const [map, chosen] = tidy(() => {
    const grid = runStretch(up, preprocess(picture, preprocessing)) as Tensor4D
    const chosen = classOf(tail(grid), options.target)
    const gradients = grad((a: Tensor) => scoreOf(tail(a), options.target, chosen))(grid)
    const evidence = { activations: squeeze<Tensor3D>(grid, [0]), gradients: squeeze<Tensor3D>(gradients, [0]) }
    return [unitRange(method(evidence)), chosen] as const
  })
  const [height, width] = map.shape
  const values = (await map.data()) as Float32Array
  const [target] = await chosen.data()
  dispose([map, chosen])
  return {
    values,
    height,
    width,
    method: name,
    layer,
    target: typeof options.target === 'function' ? undefined : target,
    empty: values.every((value) => value === 0),
    box: cropBox(picture.width, picture.height, preprocessing),
  }
}

/** The class that is explained: the one asked for, else the most probable. `[1]`, int32. */
function classOf(logits: Tensor2D, target: Target | undefined): Tensor1D {
  return typeof target === 'number' ? tensor1d([target], 'int32') : argMax(logits, 1)
}

function scoreOf(logits: Tensor2D, target: Target | undefined, chosen: Tensor1D): Tensor {
  if (typeof target === 'function') return sum(target(logits))
  // Not oneHot's own dtype: TensorFlow.js' wasm backend then writes the bits of the integer 1 into floats.
  return sum(mul(logits, cast(oneHot(chosen, logits.shape[1]), 'float32')))
}

/** Negative values cut off, the strongest 1; all zeros stay so. */
function unitRange(map: Tensor2D): Tensor2D {
  const positive = relu(map)
  const strongest = max(positive)
  return where(greater(strongest, 0), div<Tensor2D>(positive, strongest), zerosLike(positive))
}

function lastStage(model: LayersModel): string {
  const found = stages(model).findLast((stage) => stage.output.shape.length === 4)
  if (found) return found.name
  throw new CnnkitError(
    'cam',
    'NO_STAGES',
    `The layers of ${model.name} are not named by stage, so say which one to read: \`{ layer: 'name' }\`.`,
  )
}

function checkClass(model: LayersModel, target: Target | undefined): void {
  const classes = model.outputs[0]!.shape.at(-1)!
  if (typeof target !== 'number' || (Number.isInteger(target) && target >= 0 && target < classes)) return
  throw new CnnkitError(
    'cam',
    'UNKNOWN_CLASS',
    `No class ${target}. ${model.name} has ${classes} classes, from 0 to ${classes - 1}.`,
  )
}
