import type { Stretch } from '@cnnkit/layers'
import {
  add,
  batchNorm,
  conv2d,
  engine,
  matMul,
  onesLike,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { LayerVariable, layers } from '@tensorflow/tfjs-layers'

/** One application of a layer within a network. */
export type Step = Stretch['steps'][number]

/** How a step makes tensors of tensors. */
export type Apply = (step: Step, inputs: readonly Tensor[]) => Tensor | Tensor[]

/** What a layer makes in inference. */
export const applied: Apply = ({ layer }, inputs) => {
  if (isPartialNorm(layer)) return normed(layer, inputs[0]!)
  if (engine().state.gradientDepth > 0 && isWeighted(layer, inputs[0]!)) return weighted(layer, inputs[0]!)
  return layer.apply(inputs.length === 1 ? inputs[0]! : [...inputs], { training: false }) as Tensor | Tensor[]
}

/** TensorFlow.js' own batch norm; `BatchNorm` of `@cnnkit/layers` is one too. */
interface Norm extends layers.Layer {
  readonly epsilon: number
  readonly gamma?: LayerVariable | null
  readonly beta?: LayerVariable | null
  readonly movingMean: LayerVariable
  readonly movingVariance: LayerVariable
}

/** With `scale: false` or `center: false` TensorFlow.js' batch norm has no gradient in inference, as its tape looks for what is not there. */
function isPartialNorm(layer: layers.Layer): layer is Norm {
  if (layer.getClassName() !== 'BatchNormalization') return false
  const { axis, scale, center } = layer.getConfig() as { axis: number; scale: boolean; center: boolean }
  return !(scale && center) && (axis === -1 || axis === layer.inputSpec[0]!.ndim! - 1)
}

function normed({ gamma, beta, movingMean, movingVariance, epsilon }: Norm, x: Tensor): Tensor {
  const [mean, variance] = [movingMean.read() as Tensor1D, movingVariance.read() as Tensor1D]
  const offset = (beta?.read() as Tensor1D | undefined) ?? zerosLike(mean)
  return batchNorm(x, mean, variance, offset, (gamma?.read() as Tensor1D | undefined) ?? onesLike(mean), epsilon)
}

/** A convolution or dense layer of TensorFlow.js. */
interface Weighted extends layers.Layer {
  readonly kernel: LayerVariable
  readonly bias?: LayerVariable | null
  readonly activation: { apply(x: Tensor): Tensor }
  readonly strides: [number, number]
  readonly padding: 'same' | 'valid'
  readonly dilationRate: [number, number]
  readonly dataFormat?: string
}

/** TensorFlow.js runs them as fused operations, whose gradient works out that of the weights too, at the cost of another pass, asked for or not. */
function isWeighted(layer: layers.Layer, x: Tensor): layer is Weighted {
  const name = layer.getClassName()
  return name === 'Dense' ? x.rank === 2 : name === 'Conv2D' && (layer as Weighted).dataFormat !== 'channelsFirst'
}

function weighted(layer: Weighted, x: Tensor): Tensor {
  const kernel = layer.kernel.read()
  const product =
    layer.getClassName() === 'Dense'
      ? matMul(x, kernel as Tensor2D)
      : conv2d(x as Tensor4D, kernel as Tensor4D, layer.strides, layer.padding, 'NHWC', layer.dilationRate)
  return layer.activation.apply(layer.bias ? add(product, layer.bias.read()) : product)
}
