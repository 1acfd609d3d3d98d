import {
  KernelBackend as Backend,
  type BackendValues,
  type DataType,
  engine,
  type KernelBackend,
  type KernelConfig,
  type KernelFunc,
  registerBackend,
  registerKernel,
  setBackend,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'
import type { Form, Rule, Rules } from '../../../packages/backend/src/dry-run/rule.ts'
import { shapeRules } from '../../../packages/backend/src/dry-run/shape-rules.ts'

const name = 'shapes'

/**
 * A backend on which tensors have a shape and no values (all read as zeros): networks of any size run through on it in no time and
 * no memory, with every operation, gradient and optimizer as they are. Makes it current.
 *
 * The rules are those of `canTrain`'s dry run, and a kernel that they don't know throws. The test holds them against what runs on `wasm`.
 */
export async function startShapesBackend(): Promise<void> {
  if (engine().findBackendFactory(name) === null) {
    registerBackend(name, () => new ShapesBackend() as KernelBackend)
    for (const config of kernels()) registerKernel(config)
  }
  await setBackend(name)
}

class ShapesBackend extends Backend {
  readonly #data = new Map<object, { readonly size: number; readonly dtype: DataType; references: number }>()

  make(shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = {}
    this.#data.set(dataId, { size: util.sizeFromShape([...shape]), dtype, references: 1 })
    return { dataId, shape: [...shape], dtype }
  }

  override write(_: BackendValues, shape: number[], dtype: DataType): object {
    return this.make(shape, dtype).dataId
  }

  override move(dataId: object, _: BackendValues, shape: number[], dtype: DataType, references: number): void {
    this.#data.set(dataId, { size: util.sizeFromShape(shape), dtype, references })
  }

  override readSync(dataId: object): BackendValues {
    const { size, dtype } = this.#data.get(dataId)!
    return util.makeZerosTypedArray(size, dtype as 'float32')
  }

  override async read(dataId: object): Promise<BackendValues> {
    return this.readSync(dataId)
  }

  override refCount(dataId: object): number {
    return this.#data.get(dataId)?.references ?? 0
  }

  override incRef(dataId: object): void {
    this.#data.get(dataId)!.references++
  }

  override disposeData(dataId: object, force = false): boolean {
    const data = this.#data.get(dataId)
    if (data === undefined) return true
    data.references--
    if (!force && data.references > 0) return false
    return this.#data.delete(dataId)
  }

  override numDataIds(): number {
    return this.#data.size
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false }
  }

  override floatPrecision(): 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }
}

type Call = Parameters<Rule>[0]

/** What the rules of a dry run lack: kernels of maps, which go by values there. */
const beyond: Rules = {
  TopK: ({ inputs: { x }, attributes }) => {
    const shape = [...x!.shape.slice(0, -1), attributes.k as number]
    return [
      { shape, dtype: x!.dtype },
      { shape, dtype: 'int32' },
    ]
  },
  GatherV2: ({ inputs: { x, indices }, attributes }) => {
    const { axis, batchDims = 0 } = attributes as { axis: number; batchDims?: number }
    const shape = [...x!.shape.slice(0, axis), ...indices!.shape.slice(batchDims), ...x!.shape.slice(axis + 1)]
    return { shape, dtype: x!.dtype }
  },
}

function kernels(): KernelConfig[] {
  return Object.entries({ ...shapeRules, ...beyond }).map(([kernelName, rule]) => {
    const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => {
      const given = Object.entries(inputs).filter(([, info]) => info != null)
      const made = rule({
        inputs: Object.fromEntries(given) as Call['inputs'],
        attributes: (attrs ?? {}) as Call['attributes'],
      })
      const info = ({ shape, dtype }: Form): TensorInfo => (backend as ShapesBackend).make(shape, dtype)
      return Array.isArray(made) ? made.map(info) : info(made as Form)
    }
    return { kernelName, backendName: name, kernelFunc }
  })
}
