import { CnnkitError } from '@cnnkit/errors'
import { fusedGroupedConv2d } from '@cnnkit/kernels'
import { type serialization, type Tensor, type Tensor1D, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import { Conv2D, isFused } from './conv2d.ts'
import type { Conv2DArgs } from './stock-conv.ts'

/** Arguments of {@link groupedConv2d}: those of `tf.layers.conv2d`, and the groups. */
export type GroupedConv2DArgs = Conv2DArgs & {
  /** How many groups the channels are divided into; both input and output channels are a multiple of it. */
  readonly groups: number
}

/**
 * Convolution in groups, as AlexNet's two halves (Krizhevsky et al. 2012, figure 2): the first part of the output channels
 * sees the first part of the input channels only, and so on. TensorFlow.js has no such layer.
 *
 * The kernel is `[height, width, channels / groups, filters]`, as Keras keeps it. Call `registerLayers()` before a saved model
 * that has it is loaded.
 */
export class GroupedConv2D extends Conv2D {
  /** What a saved model calls it. */
  static override readonly className: string = 'GroupedConv2D'
  /** How many groups the channels are divided into. */
  readonly groups: number

  constructor({ groups, ...rest }: GroupedConv2DArgs) {
    super(rest)
    this.groups = groups
    const { filters, dataFormat } = this
    if (!Number.isInteger(groups) || groups < 1 || filters % groups !== 0)
      throw indivisible(`${filters} filters`, groups)
    if (dataFormat !== 'channelsLast') {
      throw new CnnkitError('layers', 'CHANNELS_FIRST', 'A grouped convolution takes `channelsLast` only.')
    }
  }

  /** Makes the weights as for a grid with the channels of one group. */
  override build(inputShape: (number | null)[]): void {
    const channels = inputShape[3] as number
    if (channels % this.groups !== 0) throw indivisible(`${channels} channels`, this.groups)
    super.build([...inputShape.slice(0, 3), channels / this.groups])
    this.inputSpec = [{ ndim: 4, axes: { 3: channels } } as (typeof this.inputSpec)[number]]
  }

  override call(inputs: Tensor | Tensor[], kwargs: Parameters<layers.Layer['call']>[1]): Tensor {
    if (this.groups === 1) return super.call(inputs, kwargs) as Tensor
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D
    const { groups, strides, padding: pad, dilationRate: dilations } = this
    const filter = this.kernel.read() as Tensor4D
    const name = this.activation.getClassName()
    const activation = isFused(name) ? name : 'linear'
    return tidy(() => {
      const bias = (this.bias?.read() as Tensor1D | undefined) ?? (zeros([this.filters]) as Tensor1D)
      const y = fusedGroupedConv2d({ x, filter, bias }, { groups, strides, pad, dilations, activation })
      return isFused(name) ? y : this.activation.apply(y)
    })
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups }
  }
}

/**
 * A {@link GroupedConv2D} layer; beside the groups the arguments are those of `tf.layers.conv2d`.
 *
 * @throws `INDIVISIBLE` when channels or filters cannot be divided into the groups; `CHANNELS_FIRST` for that data format
 */
export function groupedConv2d(args: GroupedConv2DArgs): GroupedConv2D {
  return new GroupedConv2D(args)
}

function indivisible(what: string, groups: number): CnnkitError {
  return new CnnkitError('layers', 'INDIVISIBLE', `${what} cannot be divided into ${groups} groups.`)
}
