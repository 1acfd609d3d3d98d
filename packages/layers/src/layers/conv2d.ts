import { type FusedActivation, fusedConv2d } from '@cnnkit/kernels'
import { type Tensor, type Tensor1D, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import { type Conv2DArgs, StockConv2D } from './stock-conv.ts'

/**
 * Convolution whose gradient is worked out only as far as somebody asks for it, in place of TensorFlow.js' own, which in a training step works
 * out the gradient of the pictures too.
 *
 * It is saved under TensorFlow.js' class name with the same configuration.
 */
export class Conv2D extends StockConv2D {
  /** What a saved model calls it: TensorFlow.js' own name. */
  static readonly className: string = 'Conv2D'

  override call(inputs: Tensor | Tensor[], kwargs: Parameters<layers.Layer['call']>[1]): Tensor {
    if (this.dataFormat === 'channelsFirst') return super.call(inputs, kwargs) as Tensor
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor4D
    const { strides, padding: pad, dilationRate: dilations } = this
    const filter = this.kernel.read() as Tensor4D
    const name = this.activation.getClassName()
    const activation = isFused(name) ? name : 'linear'
    return tidy(() => {
      const bias = this.bias?.read() as Tensor1D | undefined
      const y = fusedConv2d({ x, filter, ...(bias && { bias }) }, { strides, pad, dilations, activation })
      return isFused(name) ? y : this.activation.apply(y)
    })
  }
}

/** A {@link Conv2D} layer; the arguments are those of `tf.layers.conv2d`. */
export function conv2d(args: Conv2DArgs): Conv2D {
  return new Conv2D(args)
}

/** Whether a convolution can end with the activation of that name. */
export const isFused = (name: string): name is FusedActivation =>
  name === 'linear' || name === 'relu' || name === 'relu6'
