import { backend_util, util } from '@tensorflow/tfjs-core'
import { type KernelCall, lineOf, type TensorForm } from './kernel-call.ts'

/**
 * The same call with grids and channels no larger than they need be to run a kernel the same way: the remainders that strides,
 * borders and vectors leave are kept, odd sizes stay odd, and what is small stays as it is. Kernels that have sizes among their
 * attributes, convolutions and pools apart, are left alone.
 */
export function reduced(call: KernelCall): KernelCall {
  return (reductions[call.kernel] ?? (hasSizes(call) ? undefined : plain))?.(call) ?? call
}

/** What calls have in common that differ in size alone, or in how fast an optimizer learns. */
export function geometryClass(call: KernelCall): string {
  if (updates.has(call.kernel)) return lineOf(withRates(reduced(call)))
  if (reductions[call.kernel] || !hasSizes(call)) return lineOf(reduced(call))
  const inputs = Object.entries(call.inputs).map(([name, form]) => [name, { ...form, shape: form.shape.map(kindOf) }])
  const attributes = Object.entries(call.attributes).map(([name, value]) => [
    name,
    sizes.has(name) ? deepMap(value, kindOf) : value,
  ])
  return lineOf({
    kernel: call.kernel,
    inputs: Object.fromEntries(inputs) as KernelCall['inputs'],
    attributes: Object.fromEntries(attributes) as KernelCall['attributes'],
  })
}

/** Values that a call reads. */
export const valuesIn = ({ inputs }: KernelCall): number =>
  Object.values(inputs).reduce((all, { shape }) => all + util.sizeFromShape([...shape]), 0)

/** Attributes that are sizes. */
const sizes = new Set(['shape', 'begin', 'size', 'numOrSizeSplits', 'depth', 'stop', 'reps'])

const hasSizes = ({ kernel, attributes }: KernelCall): boolean =>
  kernel === 'GatherV2' || Object.keys(attributes).some((name) => sizes.has(name))

/** Small sizes tell themselves apart; large ones by their remainder, and very large ones from them. */
const kindOf = (size: number): number => (size <= 4 ? size : (size % 4) + (size > 256 ? 8 : 4))

const updates = new Set(['AdamUpdate', 'MovingAverage', 'RmsPropUpdate', 'SgdUpdate'])

/** Rates go with recipes and steps; that one is nothing, or all, may choose another way. */
function withRates(call: KernelCall): KernelCall {
  const kind = (rate: unknown) => (typeof rate === 'number' && rate !== 0 && rate !== 1 ? 'some' : rate)
  const attributes = Object.entries(call.attributes).map(([name, rate]) => [name, kind(rate)])
  return { ...call, attributes: Object.fromEntries(attributes) }
}

const deepMap = (value: unknown, map: (value: number) => number): unknown => {
  if (typeof value === 'number') return map(value)
  return Array.isArray(value) ? value.map((each) => deepMap(each, map)) : value
}

/** More than a tile of most kernels has, with the remainder by 8. */
const channels = (count: number): number => (count <= 40 ? count : 32 + (count % 8))

/** Of a row or column of the grid: so that two windows fit, with the remainder by 4. */
function side(length: number, window: number, stride: number): number {
  const least = Math.max(8, window + stride)
  if (length <= least + 4) return length
  return least + ((((length - least) % 4) + 4) % 4)
}

type Sides = [number, number, number, number]
type Pair = [number, number]
type Info = backend_util.Conv2DInfo

interface Geometry {
  readonly strides: Pair
  readonly pad: 'same'
  /** `null` where TensorFlow.js leaves it out. */
  readonly dilations?: Pair | null
  readonly dimRoundingMode?: 'floor'
}

const smaller = (x: readonly number[], [height, width]: readonly number[], { strides }: Geometry): Sides => {
  const [down, across] = typeof strides === 'number' ? [strides, strides] : strides
  return [x[0]!, side(x[1]!, height!, down!), side(x[2]!, width!, across!), channels(x[3]!)]
}

function convolutionOf(x: readonly number[], filter: readonly number[], attributes: object, depthwise: boolean) {
  const geometry = attributes as Geometry
  const shape = smaller(x, filter, geometry)
  const [height, width, , last] = filter as Sides
  const kernel: Sides = [height, width, shape[3], depthwise ? last : channels(last)]
  const { strides, pad, dilations, dimRoundingMode } = geometry
  const apart = dilations ?? [1, 1]
  const info: Info = backend_util.computeConv2DInfo(shape, kernel, strides, apart, pad, dimRoundingMode, depthwise)
  return { x: shape, filter: kernel, out: info.outShape as Sides }
}

const formed = (form: TensorForm | undefined, shape: readonly number[]): TensorForm => ({
  dtype: form?.dtype ?? 'float32',
  shape,
})

type Reduction = (call: KernelCall) => KernelCall

const forward =
  (depthwise: boolean): Reduction =>
  (call) => {
    const { x, filter, ...rest } = call.inputs
    const small = convolutionOf(x!.shape, filter!.shape, call.attributes, depthwise)
    const others = Object.entries(rest).map(([name, form]) => [
      name,
      formed(form, form.shape.length === 4 ? small.out : [small.out[3]]),
    ])
    const inputs = { x: formed(x, small.x), filter: formed(filter, small.filter), ...Object.fromEntries(others) }
    return { ...call, inputs }
  }

/** Each group by itself. */
const inGroups: Reduction = (call) => {
  const { groups } = call.attributes as unknown as { groups: number }
  const last = (form: TensorForm, of: (channels: number) => number): TensorForm =>
    formed(form, [...form.shape.slice(0, -1), of(form.shape.at(-1)!)])
  const each = (inputs: KernelCall['inputs'], of: (channels: number) => number): KernelCall['inputs'] =>
    Object.fromEntries(Object.entries(inputs).map(([name, form]) => [name, last(form, of)]))
  const group = forward(false)({ ...call, inputs: each(call.inputs, (channels) => channels / groups) })
  return { ...call, inputs: each(group.inputs, (channels) => channels * groups) }
}

const forInput =
  (depthwise: boolean): Reduction =>
  (call) => {
    const { dy, filter } = call.inputs
    const { inputShape } = call.attributes as { inputShape: Sides }
    const small = convolutionOf(inputShape, filter!.shape, call.attributes, depthwise)
    return {
      ...call,
      inputs: { dy: formed(dy, small.out), filter: formed(filter, small.filter) },
      attributes: { ...call.attributes, inputShape: small.x, ...filterShapeOf(call, small.filter) },
    }
  }

const forFilter =
  (depthwise: boolean): Reduction =>
  (call) => {
    const { x, dy } = call.inputs
    const { filterShape } = call.attributes as { filterShape: Sides }
    const small = convolutionOf(x!.shape, filterShape, call.attributes, depthwise)
    return {
      ...call,
      inputs: { x: formed(x, small.x), dy: formed(dy, small.out) },
      attributes: { ...call.attributes, filterShape: small.filter },
    }
  }

const filterShapeOf = ({ attributes }: KernelCall, filterShape: Sides): object =>
  'filterShape' in attributes ? { filterShape } : {}

const pool: Reduction = (call) => {
  const { filterSize, strides, pad, dimRoundingMode } = call.attributes as unknown as Geometry & { filterSize: Pair }
  const grid = call.inputs.x ?? call.inputs.input
  const small = smaller(grid!.shape, [filterSize].flat().length === 1 ? [filterSize, filterSize].flat() : filterSize, {
    strides,
    pad,
  })
  const { outShape } = backend_util.computePool2DInfo(small, filterSize, strides, 1, pad, dimRoundingMode)
  const shapes: Record<string, readonly number[]> = { x: small, input: small, dy: outShape, output: outShape }
  const inputs = Object.entries(call.inputs).map(([name, form]) => [name, formed(form, shapes[name]!)])
  return { ...call, inputs: Object.fromEntries(inputs) as KernelCall['inputs'] }
}

const row = (length: number): number => (length <= 72 ? length : 64 + (length % 8))

const product: Reduction = (call) => {
  const { a, b, ...rest } = call.inputs
  const lastTwo = ({ shape }: TensorForm): readonly number[] => [...shape.slice(0, -2), ...shape.slice(-2).map(row)]
  const others = Object.entries(rest).map(([name, form]) => [name, formed(form, form.shape.map(row))])
  return {
    ...call,
    inputs: { a: formed(a, lastTwo(a!)), b: formed(b, lastTwo(b!)), ...Object.fromEntries(others) },
  }
}

/** Equal sides stay equal, and ones ones, so that what fitted or was repeated still does and is. */
const plain: Reduction = (call) => {
  const side = (length: number): number => (length <= 12 ? length : 8 + (length % 4))
  const smaller = (shape: readonly number[]): readonly number[] =>
    shape.map((length, i) => (i === shape.length - 1 ? channels(length) : side(length)))
  const inputs = Object.entries(call.inputs).map(([name, form]) => [name, { ...form, shape: smaller(form.shape) }])
  return { ...call, inputs: Object.fromEntries(inputs) as KernelCall['inputs'] }
}

const reductions: Readonly<Record<string, Reduction>> = {
  Conv2D: forward(false),
  FusedConv2D: forward(false),
  FusedConv2DAdd: forward(false),
  FusedGroupedConv2D: inGroups,
  Conv2DBackpropInput: forInput(false),
  Conv2DBackpropFilter: forFilter(false),
  DepthwiseConv2dNative: forward(true),
  FusedDepthwiseConv2D: forward(true),
  DepthwiseConv2dNativeBackpropInput: forInput(true),
  DepthwiseConv2dNativeBackpropFilter: forFilter(true),
  MaxPool: pool,
  AvgPool: pool,
  MaxPoolGrad: pool,
  AvgPoolGrad: pool,
  BatchMatMul: product,
  _FusedMatMul: product,
}
