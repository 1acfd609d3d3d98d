import type { DataType } from '@tensorflow/tfjs-core'

/** What of a tensor a kernel's way may depend on, less its values. */
export interface TensorForm {
  readonly shape: readonly number[]
  readonly dtype: DataType
}

/** A kernel as it was called. */
export interface KernelCall {
  /** As TensorFlow.js' registry knows it. */
  readonly kernel: string
  /** By the kernel's names for them; those that were left out are not there. */
  readonly inputs: Readonly<Record<string, TensorForm>>
  readonly attributes: Readonly<Record<string, unknown>>
}

/** A call as a line, the same for the same call: kernel, inputs, attributes as JSON. */
export function lineOf({ kernel, inputs, attributes }: KernelCall): string {
  const tensors = Object.entries(inputs).map(([name, form]) => `${name}:${formText(form)}`)
  const given = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))
  return [kernel, ...tensors, JSON.stringify(given)].join(' ')
}

/** The call that a line of {@link lineOf} is. */
export function callOf(line: string): KernelCall {
  const json = line.indexOf('{')
  const [kernel, ...tensors] = line.slice(0, json).trim().split(' ')
  const inputs = tensors.map((text) => {
    const [name, form] = text.split(':') as [string, string]
    return [name, formOf(form)] as const
  })
  return {
    kernel: kernel!,
    inputs: Object.fromEntries(inputs),
    attributes: JSON.parse(line.slice(json)) as KernelCall['attributes'],
  }
}

const marks: Partial<Record<DataType, string>> = { int32: 'i', bool: 'b' }

const formText = ({ shape, dtype }: TensorForm): string => `${marks[dtype] ?? ''}[${shape.join(',')}]`

function formOf(text: string): TensorForm {
  const [mark, sides] = text.slice(0, -1).split('[') as [string, string]
  const dtype = (Object.keys(marks) as DataType[]).find((type) => marks[type] === mark) ?? 'float32'
  return { shape: sides === '' ? [] : sides.split(',').map(Number), dtype }
}
