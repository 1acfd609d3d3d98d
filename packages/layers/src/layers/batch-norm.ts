import { batchNormTraining, movingAverage } from '@cnnkit/kernels'
import {
  batchNorm as fromStatistics,
  ones,
  type Tensor,
  type Tensor1D,
  tidy,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core'
import { type LayerVariable, layers } from '@tensorflow/tfjs-layers'

type StockArgs = NonNullable<Parameters<typeof layers.batchNormalization>[0]>

/** Arguments of {@link batchNorm}, those of `tf.layers.batchNormalization` and one more. */
export interface BatchNormArgs extends StockArgs {
  /**
   * Which variance of the batch moves the statistics. `population` divides by n, as Keras 3 and TensorFlow.js do; `sample` by n - 1, as
   * PyTorch and TensorFlow's fused batch norm do. What normalises in training is the population's either way. `population` unless given.
   */
  movingVarianceOf?: 'population' | 'sample'
}

interface StockBatchNormalization extends layers.Layer {
  /** The axis of the channels; -1 is the last. */
  readonly axis: number | number[]
  /** Share of the old value when the moving statistics move. */
  readonly momentum: number
  /** Added to the variance. */
  readonly epsilon: number
  /** The factor of each channel; absent with `scale: false`. */
  readonly gamma?: LayerVariable
  /** Added to each channel; absent with `center: false`. */
  readonly beta?: LayerVariable
  /** The mean of each channel that inference takes. */
  readonly movingMean: LayerVariable
  /** The variance of each channel that inference takes. */
  readonly movingVariance: LayerVariable
}

// tfjs-layers exports the function and not the class; an instance knows its class.
const Stock = /* @__PURE__ */ (() => layers.batchNormalization().constructor)() as new (
  args?: StockArgs,
) => StockBatchNormalization

/**
 * Batch normalization that can be frozen, in place of TensorFlow.js' own.
 *
 * - Not trainable means inference mode, as in Keras 2 and later: it normalises by the moving statistics and leaves them
 *   alone. TensorFlow.js' layer goes on normalising by the batch and moving its statistics.
 * - `scale: false` and `center: false` train, and have a gradient in inference, as a frozen norm needs one. TensorFlow.js'
 *   layer throws in both.
 * - In training it runs the kernel `BatchNormTraining`, which backends have in a fast form.
 *
 * It is saved under TensorFlow.js' class name with the same configuration, so plain TensorFlow.js loads what it saved.
 * The statistics move by the population variance, as in Keras 3, or by the sample's: see {@link BatchNormArgs}.
 */
export class BatchNorm extends Stock {
  /** What a saved model calls it: TensorFlow.js' own name. */
  static readonly className: string = 'BatchNormalization'

  /** See {@link BatchNormArgs}. */
  readonly movingVarianceOf: 'population' | 'sample'

  constructor(args?: BatchNormArgs) {
    super(args)
    this.movingVarianceOf = args?.movingVarianceOf ?? 'population'
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    const { movingVarianceOf } = this
    // TensorFlow.js does not know it and leaves it be; the default stays out, so that files are the same as theirs.
    return { ...super.getConfig(), ...(movingVarianceOf === 'sample' && { movingVarianceOf }) }
  }

  override call(inputs: Tensor | Tensor[], kwargs: Parameters<layers.Layer['call']>[1]): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs
    const infers = kwargs.training !== true || this.frozen
    if (infers && this.gamma && this.beta) return super.call(x, { ...kwargs, training: false }) as Tensor
    return tidy(() => {
      const channels = this.movingMean.shape[0] as number
      const gamma = (this.gamma?.read() ?? ones([channels])) as Tensor1D
      const beta = (this.beta?.read() ?? zeros([channels])) as Tensor1D
      const order = this.channelsLast(x.rank)
      if (infers) {
        const [mean, variance] = [this.movingMean.read() as Tensor1D, this.movingVariance.read() as Tensor1D]
        const y = fromStatistics(order ? transpose(x, order) : x, mean, variance, beta, gamma, this.epsilon)
        return order ? transpose(y, inverse(order)) : y
      }
      const result = batchNormTraining(order ? transpose(x, order) : x, gamma, beta, this.epsilon)
      this.move(this.movingMean, result.mean)
      this.move(this.movingVariance, result.variance, this.correction(x.size / channels))
      return order ? transpose(result.y, inverse(order)) : result.y
    })
  }

  /**
   * Whether it works in inference mode even in training. `layer.trainable = false` marks the layer and
   * `model.trainable = false` only its weights: either freezes.
   */
  get frozen(): boolean {
    const learnt = [this.gamma, this.beta].filter((weight) => weight !== undefined && weight !== null)
    return !this.trainable || (learnt.length > 0 && learnt.every((weight) => !weight.trainable))
  }

  private channelsLast(rank: number): number[] | undefined {
    const axis = (Number(this.axis) + rank) % rank
    if (axis === rank - 1) return undefined
    return [...Array(rank).keys()].filter((i) => i !== axis).concat(axis)
  }

  /** What makes the population's variance that which moves the statistics. */
  private correction(valuesOfChannel: number): number {
    return this.movingVarianceOf === 'sample' && valuesOfChannel > 1 ? valuesOfChannel / (valuesOfChannel - 1) : 1
  }

  private move(statistic: LayerVariable, value: Tensor, correction = 1): void {
    const { momentum } = this
    const average = statistic.read()
    statistic.write(movingAverage({ average, value }, { kept: momentum, taken: (1 - momentum) * correction }))
  }
}

/** A {@link BatchNorm} layer. */
export function batchNorm(args?: BatchNormArgs): BatchNorm {
  return new BatchNorm(args)
}

const inverse = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i))
