import { AvgPool, backend_util, MaxPool } from '@tensorflow/tfjs-core'
import { averagePoolKind, maxPoolKind } from '../../engine/job-fields.ts'
import { sizeOf } from '../../memory/heap.ts'
import { stock, type WasmKernel } from '../stock.ts'
import { addressOf, runningEngine } from './by-rows.ts'
import { sizes } from './plan.ts'

/** Max pooling. */
export const ownMaxPool: WasmKernel = poolKernel(MaxPool, maxPoolKind)

/** Average pooling; a border does not count. */
export const ownAvgPool: WasmKernel = poolKernel(AvgPool, averagePoolKind)

/** Attributes of a pool and of its gradient. */
export interface PoolAttributes {
  readonly filterSize: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

function poolKernel(kernelName: typeof MaxPool | typeof AvgPool, kind: number): WasmKernel {
  return {
    kernelName,
    kernelFunc: ({ backend, inputs, attributes }) => {
      const x = inputs.x!
      const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as PoolAttributes
      const shape = x.shape as [number, number, number, number]
      const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
      if (x.dtype !== 'float32' || hasEmptyWindow(info)) return stock(backend, kernelName, inputs, attributes)
      const result = backend.makeOutput(info.outShape, 'float32')
      if (sizeOf(info.outShape) === 0) return result
      runningEngine(backend).run({
        ...sizes(info),
        zeros: 0,
        kind,
        units: info.batchSize * info.outHeight,
        input: addressOf(backend, x),
        output: addressOf(backend, result),
      })
      return result
    },
  }
}

/** Whether a window lies in the border alone, as a wide border makes it. */
function hasEmptyWindow(info: backend_util.Conv2DInfo): boolean {
  const { top, left } = info.padInfo
  const bottom = (info.outHeight - 1) * info.strideHeight - top
  const right = (info.outWidth - 1) * info.strideWidth - left
  return top >= info.filterHeight || left >= info.filterWidth || bottom >= info.inHeight || right >= info.inWidth
}
