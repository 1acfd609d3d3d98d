import { installGradients } from '@cnnkit/kernels'
import { relu6, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'

/** Arguments of {@link reLU}, those of `tf.layers.reLU`. */
export type ReLUArgs = NonNullable<Parameters<typeof layers.reLU>[0]>

interface StockReLU extends layers.Layer {
  /** The most that it lets through; no bound unless given. */
  readonly maxValue?: number | null
}

// tfjs-layers exports the function and not the class; an instance knows its class.
const Stock = /* @__PURE__ */ (() => layers.reLU().constructor)() as new (args?: ReLUArgs) => StockReLU

/**
 * ReLU that is one pass where it is bounded at 6, forward and in its gradient, in place of TensorFlow.js' own, which cuts off below and
 * then above and leaves tensors behind.
 *
 * It is saved under TensorFlow.js' class name with the same configuration. Making one puts cnnkit's gradients of activations in place
 * (`installGradients` of `@cnnkit/kernels`).
 */
export class ReLU extends Stock {
  /** What a saved model calls it: TensorFlow.js' own name. */
  static readonly className: string = 'ReLU'

  constructor(args?: ReLUArgs) {
    super(args)
    installGradients()
  }

  override call(inputs: Tensor | Tensor[], kwargs: Parameters<layers.Layer['call']>[1]): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs
    return this.maxValue === 6 ? relu6(x) : tidy(() => super.call(x, kwargs) as Tensor)
  }
}

/** A {@link ReLU} layer; the arguments are those of `tf.layers.reLU`. */
export function reLU(args?: ReLUArgs): ReLU {
  return new ReLU(args)
}
