import {
  add,
  ClipByValue,
  div,
  FusedBatchNorm,
  fill,
  type GradConfig,
  getGradient,
  Mean,
  mul,
  Relu,
  Relu6,
  registerGradient,
  reshape,
  rsqrt,
  Sum,
  type Tensor,
  unregisterGradient,
  util,
} from '@tensorflow/tfjs-core'
import { type ClipByValueGradAttributes, clipByValueGrad, relu6Grad, reluGrad } from './activation-grads.ts'

// TensorFlow.js writes these gradients as comparisons, casts and products, each a pass over all values.

const outputOf = (kernelName: string, gradient: (dy: Tensor, y: Tensor) => Tensor): GradConfig => ({
  kernelName,
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({ x: () => gradient(dy as Tensor, y!) }),
})

const clip: GradConfig = {
  kernelName: ClipByValue,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => clipByValueGrad(dy as Tensor, x!, attributes as unknown as ClipByValueGradAttributes),
  }),
}

/** For the values alone, as a frozen norm needs it; the rest is TensorFlow.js' own, which works all of it out to give one part. */
const batchNorm = (stock: GradConfig): GradConfig => ({
  ...stock,
  gradFunc: (dy, saved, attributes) => {
    const [, mean, variance, scale] = saved as [Tensor, Tensor, Tensor, Tensor | undefined]
    if (mean.rank !== 1) return stock.gradFunc(dy, saved, attributes)
    const { varianceEpsilon } = attributes as unknown as { varianceEpsilon: number }
    const others = (name: string) => () => stock.gradFunc(dy, saved, attributes)[name]!()
    const x = (): Tensor => {
      const inverse = rsqrt(add(variance, varianceEpsilon))
      return mul(dy as Tensor, scale ? mul(inverse, reshape(scale, [-1])) : inverse)
    }
    return {
      x,
      mean: others('mean'),
      variance: others('variance'),
      scale: others('scale'),
      offset: others('offset'),
    }
  },
})

/** A mean or a sum handed back to each of what it is of; TensorFlow.js fills the ones that spread it in JavaScript. */
const spread = (kernelName: string, divisor: (size: number) => number): GradConfig => ({
  kernelName,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { shape } = x!
    const axes = util.parseAxisParam((attributes as unknown as { axis: number | number[] }).axis, shape)
    const kept = shape.map((side, i) => (axes.includes(i) ? 1 : side))
    const count = axes.reduce((product, axis) => product * shape[axis]!, 1)
    return { x: () => mul(div(reshape(dy as Tensor, kept), divisor(count)), fill(shape, 1)) }
  },
})

const ours: Readonly<Record<string, (stock: GradConfig) => GradConfig>> = {
  [Relu]: () => outputOf(Relu, reluGrad),
  [Relu6]: () => outputOf(Relu6, relu6Grad),
  [ClipByValue]: () => clip,
  [FusedBatchNorm]: batchNorm,
  [Mean]: () => spread(Mean, (count) => count),
  [Sum]: () => spread(Sum, () => 1),
}

/** What stands in TensorFlow.js' registry in place of what. */
const installed = new Map<string, { readonly gradient: GradConfig; readonly stock: GradConfig }>()

/**
 * Puts the gradients of ReLU, ReLU6, clipping, mean, sum and batch norm in inference in place of TensorFlow.js' own, for all backends: its registry of
 * gradients is one. They mean the same and run the kernels `ReluGrad`, `Relu6Grad` and `ClipByValueGrad`.
 *
 * A gradient is replaced once TensorFlow.js' own is registered, which tfjs-layers does when it loads; calling this again replaces those that
 * have come since. Backends call it as they start, and cnnkit's ReLU layer when it is made.
 *
 * @returns puts back what this call replaced
 */
export function installGradients(): () => void {
  const replaced = Object.entries(ours).filter(([kernelName, of]) => {
    const stock = getGradient(kernelName)
    if (stock === undefined || stock === installed.get(kernelName)?.gradient) return false
    const gradient = of(stock)
    put(gradient)
    installed.set(kernelName, { gradient, stock })
    return true
  })
  return () => {
    for (const [kernelName] of replaced) {
      const own = installed.get(kernelName)
      if (own !== undefined && getGradient(kernelName) === own.gradient) put(own.stock)
      installed.delete(kernelName)
    }
  }
}

/** TensorFlow.js warns where a gradient is registered twice. */
function put(gradient: GradConfig): void {
  if (getGradient(gradient.kernelName) !== undefined) unregisterGradient(gradient.kernelName)
  registerGradient(gradient)
}
