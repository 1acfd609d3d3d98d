import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'

/** What of tfjs-node's backend kernels use; the package does not export its type. */
export interface TensorflowBackend {
  /** Whether kernels run on a CUDA device. */
  readonly isUsingGpuDevice: boolean
  /** Numbers by which the binding tells kinds of attributes apart. */
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_INT' | 'TF_ATTR_FLOAT' | 'TF_ATTR_BOOL' | 'TF_ATTR_STRING', number>
  >
  /** TensorFlow's number of a type. */
  getDTypeInteger(dtype: DataType): number
  /** Runs one of TensorFlow's operations. */
  executeMultipleOutputs(
    name: string,
    attributes: readonly object[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): TensorInfo[]
}

/** Attributes of TensorFlow's operations: a type's name stands for a type in those of `types`. */
export interface OpAttributes {
  /** `T: 'float32'`. */
  readonly types?: Readonly<Record<string, DataType>>
  readonly integers?: Readonly<Record<string, readonly number[]>>
  readonly floats?: Readonly<Record<string, number>>
  readonly booleans?: Readonly<Record<string, boolean>>
  readonly strings?: Readonly<Record<string, string>>
}

/** Runs an operation of TensorFlow by its name and gives its outputs, which are new. Run it in a `tidy`. */
export function runOp(
  backend: TensorflowBackend,
  name: string,
  inputs: readonly TensorInfo[],
  attributes: OpAttributes,
  outputs: number,
): TensorInfo[] {
  const { types = {}, integers = {}, floats = {}, booleans = {}, strings = {} } = attributes
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_STRING } = backend.binding
  const list = (type: number, values: Readonly<Record<string, unknown>>): object[] =>
    Object.entries(values).map(([name, value]) => ({ name, type, value }))
  const numbered = Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, backend.getDTypeInteger(type)]),
  )
  const all = [
    ...list(TF_ATTR_TYPE, numbered),
    ...list(TF_ATTR_INT, integers),
    ...list(TF_ATTR_FLOAT, floats),
    ...list(TF_ATTR_BOOL, booleans),
    ...list(TF_ATTR_STRING, strings),
  ]
  return backend.executeMultipleOutputs(name, all, inputs, outputs)
}

/** {@link runOp} for an operation on floats that has one output and no attribute but their type. */
export function floatOp(backend: TensorflowBackend, name: string, ...inputs: TensorInfo[]): TensorInfo {
  return backend.executeMultipleOutputs(name, typesOf(backend), inputs, 1)[0]!
}

/** Made once: the operation itself takes less than that on a short vector. */
let float32: { readonly backend: TensorflowBackend; readonly list: readonly object[] } | undefined

function typesOf(backend: TensorflowBackend): readonly object[] {
  if (float32?.backend !== backend) {
    const { TF_ATTR_TYPE } = backend.binding
    float32 = { backend, list: [{ name: 'T', type: TF_ATTR_TYPE, value: backend.getDTypeInteger('float32') }] }
  }
  return float32.list
}

/** A kernel for the backend `tensorflow`. */
export interface TensorflowKernel {
  /** As TensorFlow.js or `@cnnkit/kernels` calls it. */
  readonly kernelName: string
  /** Runs in a `tidy`: what it does not return is let go of. Gives nothing where the kernel in whose place it stands is to run. */
  readonly kernelFunc: (call: KernelCall) => TensorInfo | TensorInfo[] | undefined
}

/** What a kernel is called with. */
export interface KernelCall {
  readonly backend: TensorflowBackend
  readonly inputs: Readonly<Record<string, TensorInfo>>
  readonly attributes: Readonly<Record<string, unknown>>
}
