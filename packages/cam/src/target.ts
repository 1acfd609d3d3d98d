import { CnnkitError } from '@cnnkit/errors'
import {
  argMax,
  customGrad,
  expandDims,
  keep,
  mul,
  reshape,
  slice,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { oneHot } from './one-hot.ts'

/**
 * What a map explains: a class by its index; a class for each picture; or a score for each row of the logits, from
 * `[n, classes]` to `[n]`, in functions of TensorFlow.js that have gradients:
 * `(logits) => sub(slice(logits, [0, 281], [-1, 1]), slice(logits, [0, 282], [-1, 1]))` for what makes it the one and not the other.
 */
export type Target = number | readonly number[] | ((logits: Tensor2D) => Tensor)

/** The target of the pictures of one batch; where none is given it is the class that the network finds most probable. */
export class Scorer {
  #classes: Tensor1D | undefined
  readonly #target: Target | undefined

  /** @throws `UNKNOWN_CLASS`, and `TARGETS_AND_PICTURES` for a list of another length than the batch */
  constructor(target: Target | undefined, model: LayersModel, batch: number) {
    this.#target = target
    if (target === undefined || typeof target === 'function') return
    const list = typeof target === 'number' ? Array<number>(batch).fill(target) : target
    checkClasses(list, model, batch)
    this.#classes = keep(tensor1d([...list], 'int32'))
  }

  /** The classes of the pictures, `[batch]`; `undefined` for a function, or while no logits were seen. */
  get classes(): Tensor1D | undefined {
    return this.#classes
  }

  /** Whether scores need the logits of the pictures first, as these say which classes are meant. */
  get waits(): boolean {
    return this.#target === undefined && this.#classes === undefined
  }

  /** The scores of the pictures, `[batch]`, with a gradient. @param logits `[batch, classes]` */
  ofPictures(logits: Tensor2D): Tensor1D {
    if (typeof this.#target === 'function') return scoresOf(this.#target, logits)
    this.#classes ??= keep(argMax<Tensor1D>(logits, 1))
    return picked(logits, this.#classes)
  }

  /** The scores of any number of rows for the target of one picture: `[n]`. @param logits `[n, classes]` */
  ofRows(logits: Tensor2D, picture: number): Tensor1D {
    if (typeof this.#target === 'function') return scoresOf(this.#target, logits)
    return picked(logits, slice(this.#classes!, [picture], [1]))
  }

  /** Lets go of the tensor it holds. */
  dispose(): void {
    this.#classes?.dispose()
  }
}

/** Of each row the logit of its class, or of the one class for all rows. */
function picked(logits: Tensor2D, classes: Tensor1D): Tensor1D {
  // An operation of its own, as the tape must not go through the choice of the class, which has no gradient.
  return customGrad((x, save) => {
    const hot = oneHot(classes, logits.shape[1])
    ;(save as (tensors: Tensor[]) => void)([hot])
    const gradFunc = (dy: Tensor, [saved]: Tensor[]) => mul(expandDims(dy, 1), saved!)
    return { value: sum(mul(x as Tensor, hot), 1), gradFunc }
  })(logits) as Tensor1D
}

function scoresOf(target: (logits: Tensor2D) => Tensor, logits: Tensor2D): Tensor1D {
  const scores = target(logits)
  const [rows] = logits.shape
  if (scores.size === rows) return reshape(scores, [rows])
  throw new CnnkitError(
    'cam',
    'INVALID_TARGET',
    `The target gives [${scores.shape.join(', ')}] for logits [${logits.shape.join(', ')}]. It must give one score for each row.`,
  )
}

function checkClasses(list: readonly number[], model: LayersModel, batch: number): void {
  if (list.length !== batch) {
    throw new CnnkitError(
      'cam',
      'TARGETS_AND_PICTURES',
      `There are ${list.length} targets and ${batch} pictures. Give one target for each picture, or one for all.`,
    )
  }
  const classes = model.outputs[0]!.shape.at(-1)!
  const wrong = list.find((target) => !(Number.isInteger(target) && target >= 0 && target < classes))
  if (wrong === undefined) return
  throw new CnnkitError(
    'cam',
    'UNKNOWN_CLASS',
    `No class ${wrong}. ${model.name} has ${classes} classes, from 0 to ${classes - 1}.`,
  )
}
