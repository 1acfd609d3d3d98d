import { seeded } from '@cnnkit/testing/numbers'
import { type Tensor, tensor, util } from '@tensorflow/tfjs-core'
import { type KernelCall, lineOf, type TensorForm } from '../calls/kernel-call.ts'
import { seedOf } from '../seed-of.ts'

/** Values of a call's inputs, by name. */
export type Values = Readonly<Record<string, Float32Array | Int32Array | Uint8Array>>

/** Values that a kernel may be given, the same each time for the same call: in its domain, and with ties where it looks for them. */
export function valuesFor(call: KernelCall): Values {
  const start = seedOf(lineOf(call))
  const values = Object.entries(call.inputs).map(([name, form], i) => {
    const next = seeded(start + i)
    const size = util.sizeFromShape([...form.shape])
    return [name, drawn(form, size, drawingOf(call, name), next)] as const
  })
  return Object.fromEntries(values)
}

/** The inputs as tensors on the current backend, for the caller to dispose. */
export function tensorsOf({ inputs }: KernelCall, values: Values): Record<string, Tensor> {
  const made = Object.entries(inputs).map(([name, { shape, dtype }]) => [
    name,
    tensor(values[name]!, [...shape], dtype as 'float32'),
  ])
  return Object.fromEntries(made) as Record<string, Tensor>
}

type Drawing = (next: () => number) => number

function drawn({ dtype }: TensorForm, size: number, draw: Drawing, next: () => number): Values[string] {
  const each = { length: size }
  if (dtype === 'bool') return Uint8Array.from(each, () => (next() < 0.5 ? 1 : 0))
  return dtype === 'int32' ? Int32Array.from(each, () => draw(next)) : Float32Array.from(each, () => draw(next))
}

const aroundZero: Drawing = (next) => 2 * (next() + next()) - 2
const positive: Drawing = (next) => 0.1 + next()
const fewIntegers: Drawing = (next) => Math.floor(3 * next()) - 1
const manyIntegers: Drawing = (next) => Math.floor(200 * next()) - 100
const below =
  (count: number): Drawing =>
  (next) =>
    Math.floor(count * next())

/** What comes of a ReLU6: both ends often. */
const clipped: Drawing = (next) => Math.min(6, Math.max(0, 10 * next() - 2))

function drawingOf({ kernel, inputs, attributes }: KernelCall, input: string): Drawing {
  if (kernel === 'GatherV2' && input === 'indices') return below(inputs.x!.shape[attributes.axis as number]!)
  if (kernel === 'OneHot') return below(attributes.depth as number)
  if (comparisons.has(kernel)) return fewIntegers
  if (inputs[input]!.dtype === 'int32') return manyIntegers
  if (positiveInputs.has(`${kernel} ${input}`) || positiveInputs.has(`* ${input}`)) return positive
  return /^Relu6?Grad$/.test(kernel) && input === 'y' ? clipped : aroundZero
}

const comparisons = new Set(['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'])

const positiveInputs = new Set([
  ...['Log x', 'Sqrt x', 'Rsqrt x', 'RealDiv b', 'AdamUpdate square', 'RmsPropUpdate square', '* variance', 'Pow a'],
])
