import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core'
import type { Engine } from '../../engine/engine.ts'
import { planned } from '../../engine/job.ts'
import { patchSumsKind } from '../../engine/job-fields.ts'
import { withAlias } from '../../memory/alias.ts'
import { free, offsetOf } from '../../memory/heap.ts'
import { addressOf } from './by-rows.ts'
import { convolve } from './conv2d.ts'
import { directPlan, sizes } from './plan.ts'

/** With more channels, panels of 8 of them are full enough for a convolution of dy. */
const mostChannels = 4

/** Whether the gradient for the input goes by {@link patchGradient}: a picture's, whose three channels would leave tiles mostly empty. */
export function suitsPatches(info: backend_util.Conv2DInfo): boolean {
  const dilated = info.dilationHeight * info.dilationWidth > 1
  return info.inChannels <= mostChannels && info.filterHeight * info.filterWidth > 1 && !dilated
}

/**
 * The gradient of a convolution for an input of few channels: dy times the filter gives for each pixel of dy what it adds to the patch that
 * was read for it, and these are summed where they overlap. Image by image, as patches take much room. Undefined where the heap
 * has none.
 */
export function patchGradient(
  backend: BackendWasm,
  engine: Engine,
  info: backend_util.Conv2DInfo,
  { dy, filter }: { readonly dy: TensorInfo; readonly filter: TensorInfo },
): TensorInfo | undefined {
  const { inChannels, outChannels, outHeight, outWidth } = info
  const values = info.filterHeight * info.filterWidth * inChannels
  const turned = backend.makeOutput([1, 1, outChannels, values], 'float32')
  engine.kernels.transpose(addressOf(backend, filter), addressOf(backend, turned), values, outChannels)
  const product = backend_util.computeConv2DInfo(
    [1, outHeight, outWidth, outChannels],
    [1, 1, outChannels, values],
    1,
    1,
    'valid',
  )
  const plan = directPlan(product, engine)
  const convolution = { plan, planned: planned(plan), outShape: product.outShape, filter: turned }
  const dx = backend.makeOutput(info.inShape, 'float32')
  const floats = outHeight * outWidth * outChannels
  let done = true
  for (let image = 0; image < info.batchSize && done; image++) {
    const patches = withAlias(backend, product.inShape, offsetOf(backend, dy) + image * floats, (x) =>
      convolve(backend, engine, { ...convolution, x }),
    )
    done = patches !== undefined
    if (patches === undefined) break
    engine.run({
      ...sizes(info),
      zeros: 0,
      kind: patchSumsKind,
      units: info.inHeight,
      input: addressOf(backend, patches),
      output: addressOf(backend, dx) + 4 * image * info.inHeight * info.inWidth * inChannels,
    })
    free(backend, patches)
  }
  free(backend, turned)
  if (done) return dx
  free(backend, dx)
  return undefined
}
