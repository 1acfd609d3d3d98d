import { backend_util, type DataType, slice_util, util } from '@tensorflow/tfjs-core'
import { axesOf, type Form, like, listed, type Rule, type Rules, rulesFor } from './rule.ts'

const concat: Rule = (call) => {
  const parts = listed(call)
  const axis = axesOf(call.attributes.axis, parts[0]!.shape.length)[0]!
  const shapes = parts.map(({ shape }) => shape)
  return { shape: backend_util.computeOutShape(shapes, axis) as number[], dtype: parts[0]!.dtype }
}

const split: Rule = ({ inputs: { x }, attributes }) => {
  const axis = axesOf(attributes.axis, x!.shape.length)[0]!
  const sizes: number[] = backend_util.prepareSplitSize(x as never, attributes.numOrSizeSplits as number[], axis)
  return sizes.map((size) => ({ shape: x!.shape.map((side, i) => (i === axis ? size : side)), dtype: x!.dtype }))
}

const slice: Rule = ({ inputs: { x }, attributes }) => {
  const [, size]: number[][] = slice_util.parseSliceParams(
    x!,
    attributes.begin as number[],
    attributes.size as number[],
  )
  return { shape: size!, dtype: x!.dtype }
}

const gather: Rule = ({ inputs: { x, indices }, attributes: { axis, batchDims = 0 } }) => {
  const at = axesOf(axis, x!.shape.length)[0]!
  const picked = indices!.shape.slice(batchDims as number)
  return { shape: [...x!.shape.slice(0, at), ...picked, ...x!.shape.slice(at + 1)], dtype: x!.dtype }
}

const stacked: Rule = (call) => {
  const parts = listed(call)
  const { shape, dtype } = parts[0]!
  return withAxis({ shape, dtype }, call.attributes.axis, parts.length)
}

const unstacked: Rule = ({ inputs: { value }, attributes }) => {
  const { shape, dtype } = value!
  const axis = axesOf(attributes.axis, shape.length)[0]!
  return Array.from({ length: shape[axis]! }, () => ({ shape: shape.filter((_, i) => i !== axis), dtype }))
}

function withAxis({ shape, dtype }: Form, axis: unknown, length: number): Form {
  const at = axesOf(axis ?? 0, shape.length + 1)[0]!
  return { shape: [...shape.slice(0, at), length, ...shape.slice(at)], dtype }
}

const padded: Rule = ({ inputs: { x }, attributes }) => {
  const paddings = attributes.paddings as [number, number][]
  return { shape: x!.shape.map((side, i) => paddings[i]![0] + side + paddings[i]![1]), dtype: x!.dtype }
}

const resized: Rule = ({ inputs, attributes }) => {
  const [batch, , , channels] = inputs.images!.shape as [number, number, number, number]
  return { shape: [batch, ...(attributes.size as number[]), channels], dtype: 'float32' }
}

interface Stretch {
  readonly start: number
  readonly stop: number
  readonly step: number
  readonly dtype?: DataType
}

/** Kernels that move values about. */
export const arrayRules: Rules = {
  ...rulesFor('MirrorPad PadV2', padded),
  ...rulesFor('ResizeBilinear ResizeNearestNeighbor', resized),
  ...rulesFor('ResizeBilinearGrad ResizeNearestNeighborGrad', like('images')),
  BroadcastTo: ({ inputs: { x }, attributes: { shape } }) => ({ shape: shape as number[], dtype: x!.dtype }),
  Concat: concat,
  ExpandDims: ({ inputs: { input }, attributes: { dim } }) => withAxis(input!, dim, 1),
  Fill: ({ attributes: { shape, dtype = 'float32' } }) => ({ shape: shape as number[], dtype: dtype as DataType }),
  GatherV2: gather,
  OneHot: ({ inputs: { indices }, attributes: { depth, dtype = 'int32' } }) => ({
    shape: [...indices!.shape, depth as number],
    dtype: dtype as DataType,
  }),
  Pack: stacked,
  Range: ({ attributes }) => {
    const { start, stop, step, dtype = 'float32' } = attributes as unknown as Stretch
    return { shape: [Math.max(0, Math.ceil((stop - start) / step))], dtype }
  },
  Reshape: ({ inputs: { x }, attributes: { shape } }) => ({
    shape: util.inferFromImplicitShape(shape as number[], util.sizeFromShape(x!.shape)),
    dtype: x!.dtype,
  }),
  Slice: slice,
  SplitV: split,
  Tile: ({ inputs: { x }, attributes }) => ({
    shape: x!.shape.map((side, i) => side * (attributes.reps as number[])[i]!),
    dtype: x!.dtype,
  }),
  Transpose: ({ inputs: { x }, attributes }) => ({
    shape: (attributes.perm as number[]).map((axis) => x!.shape[axis]!),
    dtype: x!.dtype,
  }),
  Unpack: unstacked,
  UnsortedSegmentSum: ({ inputs: { x, segmentIds }, attributes: { numSegments } }) => ({
    shape: [numSegments as number, ...x!.shape.slice(segmentIds!.shape.length)],
    dtype: x!.dtype,
  }),
}
