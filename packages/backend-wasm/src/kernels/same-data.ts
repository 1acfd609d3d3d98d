import { Cast, Identity, type TensorInfo } from '@tensorflow/tfjs-core'
import { reshaped } from '../memory/heap.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * A second reference to the same data, where TensorFlow.js' wasm backend copies. Each operation saves its inputs for the
 * gradient through this kernel, so in training it halves the memory of the activations.
 */
export const identity: WasmKernel = {
  kernelName: Identity,
  kernelFunc: ({ backend, inputs }) => {
    const x = inputs.x!
    if (x.dtype === 'string') return stock(backend, Identity, inputs)
    backend.incRef(x.dataId)
    return reshaped(x, x.shape)
  },
}

/** A cast to the type that the tensor has is a second reference too; gradients of activations are full of them. */
export const cast: WasmKernel = {
  kernelName: Cast,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const x = inputs.x!
    const { dtype } = attributes as { dtype: TensorInfo['dtype'] }
    if (x.dtype !== dtype || dtype === 'string') return stock(backend, Cast, inputs, attributes)
    backend.incRef(x.dataId)
    return reshaped(x, x.shape)
  },
}
