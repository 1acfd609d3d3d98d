import {
  ClipByValue,
  engine,
  type GradConfig,
  type GradFunc,
  getBackend,
  getGradient,
  Relu6,
  registerGradient,
  type Tensor,
  unregisterGradient,
} from '@tensorflow/tfjs-core'
import { ClipByValueGrad, Relu6Grad } from '../kernels/clip-grads.ts'

// TensorFlow.js writes these gradients as comparisons, logic and selection, whose kernels are slow on wasm: 13 ns a value
// where the kernels here take 2 (measured, one core). The registry of gradients is one for all backends, so on others
// they hand over to TensorFlow.js' own.

const kernelFor: Readonly<Record<string, string>> = { [ClipByValue]: ClipByValueGrad, [Relu6]: Relu6Grad }

const replaced = new Map<string, GradConfig>()

/** Puts the gradients of clipping and ReLU6 in place, if TensorFlow.js' own are registered (tfjs-layers registers them). */
export function registerGradients(): void {
  for (const [kernelName, gradient] of Object.entries(kernelFor)) {
    const stock = getGradient(kernelName)
    if (stock === undefined || replaced.has(kernelName)) continue
    replaced.set(kernelName, stock)
    registerGradient({ ...stock, gradFunc: onWasm(gradient, stock.gradFunc) })
  }
}

/** Puts TensorFlow.js' own gradients back. */
export function unregisterGradients(): void {
  for (const [kernelName, stock] of replaced) {
    unregisterGradient(kernelName)
    registerGradient(stock)
  }
  replaced.clear()
}

function onWasm(kernelName: string, stock: GradFunc): GradFunc {
  return (dy, saved, attributes) => {
    if (getBackend() !== 'wasm') return stock(dy, saved, attributes)
    const inputs = { x: saved[0]!, dy: dy as Tensor }
    return { x: () => engine().runKernel(kernelName, inputs as never, attributes) as Tensor }
  }
}
