import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { backend_util, Concat, Slice, SplitV, slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core'
import { copyPixels } from '../memory/copy-pixels.ts'
import { offsetOf, sizeOf } from '../memory/heap.ts'
import { boxIn, extentOf } from './boxes.ts'
import { stock, type WasmKernel } from './stock.ts'

/** A part of a tensor, in place of TensorFlow.js' own, which first copies the whole tensor out of the heap. */
export const slice: WasmKernel = {
  kernelName: Slice,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const x = inputs.x!
    const { begin, size } = attributes as { begin: number | number[]; size: number | number[] }
    const [from, shape] = slice_util.parseSliceParams(x as never, begin, size) as [number[], number[]]
    if (!isWords(x) || x.shape.length > 4) return stock(backend, Slice, inputs, attributes)
    return cut(backend, x, from, shape)
  },
}

/** A tensor in parts along an axis: the gradient of a concatenation. */
export const splitV: WasmKernel = {
  kernelName: SplitV,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const x = inputs.x!
    const { numOrSizeSplits, axis } = attributes as { numOrSizeSplits: number | number[]; axis: number }
    if (!isWords(x) || x.shape.length > 4) return stock(backend, SplitV, inputs, attributes)
    const along = util.parseAxisParam(axis, x.shape)[0]!
    const begin = x.shape.map(() => 0)
    return backend_util.prepareSplitSize(x as never, numOrSizeSplits, along).map((side) => {
      const part = cut(
        backend,
        x,
        begin,
        x.shape.map((whole, i) => (i === along ? side : whole)),
      )
      begin[along]! += side
      return part
    })
  },
}

/** Tensors one after another along an axis. */
export const concat: WasmKernel = {
  kernelName: Concat,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const all = Object.values(inputs)
    const along = util.parseAxisParam((attributes as { axis: number }).axis, all[0]!.shape)[0]!
    if (!all.every((x) => isWords(x) && x.dtype === all[0]!.dtype)) return stock(backend, Concat, inputs, attributes)
    const shapes = all.map((x) => x.shape)
    backend_util.assertParamsConsistent(shapes, along)
    const shape = backend_util.computeOutShape(shapes, along)
    const result = backend.makeOutput(shape, all[0]!.dtype)
    const rows = sizeOf(shape.slice(0, along))
    const width = sizeOf(shape.slice(along))
    let to = offsetOf(backend, result)
    for (const x of all) {
      const part = sizeOf(x.shape.slice(along))
      copyPixels(
        backend,
        { offset: offsetOf(backend, x), image: 0, row: 0, pixel: part },
        { offset: to, image: 0, row: 0, pixel: width },
        { images: 1, rows: 1, columns: rows, channels: part },
      )
      to += part
    }
    return result
  },
}

function isWords(x: TensorInfo): boolean {
  return x.dtype === 'float32' || x.dtype === 'int32'
}

function cut(backend: BackendWasm, x: TensorInfo, begin: readonly number[], shape: number[]): TensorInfo {
  const result = backend.makeOutput(shape, x.dtype)
  copyPixels(backend, boxIn(backend, x, begin), boxIn(backend, result), extentOf(shape))
  return result
}
