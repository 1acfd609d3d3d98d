import { backend_util, MaxPoolGrad } from '@tensorflow/tfjs-core'
import type { WebgpuKernel } from './kernel.ts'
import { pointwise, runPointwise } from './pointwise.ts'

const grid = {
  height: 'i32',
  width: 'i32',
  channels: 'i32',
  outHeight: 'i32',
  outWidth: 'i32',
  filterHeight: 'i32',
  filterWidth: 'i32',
  strideHeight: 'i32',
  strideWidth: 'i32',
  top: 'i32',
  left: 'i32',
} as const

const split = (height: string, width: string): string => `
  let channel = index % uniforms.channels;
  var rest = index / uniforms.channels;
  let column = rest % uniforms.${width};
  rest /= uniforms.${width};
  let row = rest % uniforms.${height};
  let image = rest / uniforms.${height};`

/** Where in the grid the first maximum of each window lies, `row * width + column`; -1 where none is, as all are NaN. */
const places = pointwise(
  'max_pool_places',
  [['x'], ['place']],
  grid,
  `${split('outHeight', 'outWidth')}
  var best = -1;
  var largest = 0.0;
  for (var r = 0; r < uniforms.filterHeight; r++) {
    let y = row * uniforms.strideHeight - uniforms.top + r;
    if (y < 0 || y >= uniforms.height) { continue; }
    for (var c = 0; c < uniforms.filterWidth; c++) {
      let x0 = column * uniforms.strideWidth - uniforms.left + c;
      if (x0 < 0 || x0 >= uniforms.width) { continue; }
      let at = y * uniforms.width + x0;
      let value = x[(image * uniforms.height * uniforms.width + at) * uniforms.channels + channel];
      if ((best < 0 && value == value) || value > largest) {
        best = at;
        largest = value;
      }
    }
  }
  place[index] = f32(best);`,
)

/** Each value gathers from the windows that it lies in. */
const gather = pointwise(
  MaxPoolGrad,
  [['dy', 'place'], ['dx']],
  grid,
  `${split('height', 'width')}
  let here = f32(row * uniforms.width + column);
  let bottom = row + uniforms.top;
  let right = column + uniforms.left;
  let firstRow = max(0, (bottom - uniforms.filterHeight + uniforms.strideHeight) / uniforms.strideHeight);
  let firstColumn = max(0, (right - uniforms.filterWidth + uniforms.strideWidth) / uniforms.strideWidth);
  var sum = 0.0;
  for (var r = firstRow; r <= min(bottom / uniforms.strideHeight, uniforms.outHeight - 1); r++) {
    for (var c = firstColumn; c <= min(right / uniforms.strideWidth, uniforms.outWidth - 1); c++) {
      let at = ((image * uniforms.outHeight + r) * uniforms.outWidth + c) * uniforms.channels + channel;
      if (place[at] == here) { sum += dy[at]; }
    }
  }
  dx[index] = sum;`,
)

/**
 * The gradient of max pooling: each dy goes to the first value of its window that is the maximum, as in TensorFlow.
 *
 * In place of TensorFlow.js' own, which picks the last of equal values; after a ReLU most windows have some.
 */
export const maxPoolGrad: WebgpuKernel = {
  kernelName: MaxPoolGrad,
  kernelFunc: ({ backend, inputs: { dy, input }, attributes }) => {
    const { filterSize, strides, pad, dimRoundingMode } = attributes as {
      filterSize: number | [number, number]
      strides: number | [number, number]
      pad: 'valid' | 'same' | number
      dimRoundingMode?: 'floor' | 'round' | 'ceil'
    }
    const shape = input!.shape as [number, number, number, number]
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
    const uniforms = [
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.outHeight,
      info.outWidth,
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      info.padInfo.top,
      info.padInfo.left,
    ]
    const [place] = runPointwise(backend, places, [input!], info.outShape, uniforms)
    const [dx] = runPointwise(backend, gather, [dy!, place!], shape, uniforms)
    backend.disposeData(place!.dataId)
    return dx!
  },
}
