import { ones, type TensorInfo, tidy } from '@tensorflow/tfjs-core'
import { type OpAttributes, runOp, type TensorflowBackend } from './tensorflow.ts'

// TensorFlow on a CPU has kernels by oneDNN that only a graph comes to, whose operations are put in the place of others as it is compiled. TensorFlow.js
// runs operations one by one and never gets them. They can be run by their own names with the label under which they are registered.

const label = { _kernel: 'MklNameChangeOp' } as const

/** Runs an operation by oneDNN on floats. Ask {@link hasOneDnn} first. */
export function oneDnnOp(
  backend: TensorflowBackend,
  name: OneDnnOp,
  inputs: readonly TensorInfo[],
  { strings, ...attributes }: Omit<OpAttributes, 'types'>,
  outputs: number,
): TensorInfo[] {
  const labelled = {
    ...attributes,
    types: { T: 'float32' } as const,
    strings: { data_format: 'NHWC', ...strings, ...label },
  }
  return runOp(backend, name, inputs, labelled, outputs)
}

/** Those that we run. */
export type OneDnnOp = '_MklNativeConv2DWithBias' | '_MklNativeMaxPool' | '_MklNativeMaxPoolGrad'

const found = new WeakMap<TensorflowBackend, boolean>()

/**
 * Whether tensors are on the CPU and this build of TensorFlow has these operations, which its makers promise to nobody: found out by running each
 * once. `TF_ENABLE_ONEDNN_OPTS=0`, which is TensorFlow's own, keeps them from being run.
 */
export function hasOneDnn(backend: TensorflowBackend): boolean {
  if (backend.isUsingGpuDevice || /^(0|false)$/i.test(process.env.TF_ENABLE_ONEDNN_OPTS ?? '')) return false
  const known = found.get(backend)
  if (known !== undefined) return known
  const answer = runs(backend)
  found.set(backend, answer)
  return answer
}

function runs(backend: TensorflowBackend): boolean {
  try {
    tidy(() => {
      const [x, bias] = [ones([1, 1, 1, 1]), ones([1])]
      const unit = [1, 1, 1, 1]
      const strings = { padding: 'VALID' }
      const convolution = { integers: { strides: unit, dilations: unit }, strings }
      oneDnnOp(backend, '_MklNativeConv2DWithBias', [x, x, bias], convolution, 1)
      const pool = { integers: { ksize: unit, strides: unit }, booleans: { workspace_enabled: true }, strings }
      const [y, workspace] = oneDnnOp(backend, '_MklNativeMaxPool', [x], pool, 2)
      oneDnnOp(backend, '_MklNativeMaxPoolGrad', [x, y!, x, workspace!], pool, 1)
    })
    return true
  } catch {
    return false
  }
}
