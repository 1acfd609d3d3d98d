import {
  AdamUpdate,
  type AdamUpdateAttributes,
  RmsPropUpdate,
  type RmsPropUpdateAttributes,
  SgdUpdate,
  type SgdUpdateAttributes,
  type UpdateAttributes,
} from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { adamKind, rmsPropKind, sgdKind } from '../../engine/job-fields.ts'
import { sizeOf } from '../../memory/heap.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf, runningEngine } from './by-rows.ts'

/** Values of a unit: below it waking a worker would take longer than the work. */
const blockSize = 1 << 14

/** A step of gradient descent with momentum in one pass. */
export const ownSgdUpdate: WasmKernel = {
  kernelName: SgdUpdate,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { momentum, gain, nesterov, ...rest } = attributes as unknown as SgdUpdateAttributes
    return updated(backend, sgdKind, inputs, [inputs.velocity!], rest, [momentum, gain, nesterov ? 1 : 0])
  },
}

/** A step of Adam in one pass. */
export const ownAdamUpdate: WasmKernel = {
  kernelName: AdamUpdate,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { beta1, beta2, epsilon, ...rest } = attributes as unknown as AdamUpdateAttributes
    const values = [beta1, 1 - beta1, beta2, 1 - beta2, epsilon]
    return updated(backend, adamKind, inputs, [inputs.mean!, inputs.square!], rest, values)
  },
}

/** A step of RMSProp in one pass. */
export const ownRmsPropUpdate: WasmKernel = {
  kernelName: RmsPropUpdate,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { rho, momentum, epsilon, epsilonInside, gain, ...rest } = attributes as unknown as RmsPropUpdateAttributes
    const values = [rho, 1 - rho, epsilonInside ? -epsilon : epsilon, momentum, gain]
    const states = [inputs.square!, ...(inputs.velocity == null ? [] : [inputs.velocity])]
    return updated(backend, rmsPropKind, inputs, states, rest, values)
  },
}

/** The new weight and the new states, each a tensor of its own. */
function updated(
  backend: BackendWasm,
  kind: number,
  { weight, gradient }: Readonly<Record<string, TensorInfo>>,
  states: readonly TensorInfo[],
  { coupled, kept, pull }: UpdateAttributes,
  values: readonly number[],
): TensorInfo[] {
  const made = [weight!, ...states].map(({ shape }) => backend.makeOutput(shape, 'float32'))
  const rows = sizeOf(weight!.shape)
  const at = (tensor: TensorInfo | undefined): number => (tensor === undefined ? 0 : addressOf(backend, tensor))
  runningEngine(backend).run({
    kind,
    units: Math.ceil(rows / blockSize),
    rows,
    blockRows: blockSize,
    input: at(weight),
    other: at(gradient),
    output: at(made[0]),
    state: at(states[0]),
    stateTo: at(made[1]),
    otherState: at(states[1]),
    otherStateTo: at(made[2]),
    values: [coupled, kept, pull, ...values],
  })
  return made
}
