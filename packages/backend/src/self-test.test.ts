import { wasm } from '@cnnkit/backend-wasm'
import {
  getKernel,
  type KernelConfig,
  memory,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { cpu } from './cpu.ts'
import { selfTest } from './index.ts'

/** Runs with a kernel of the cpu backend changed. */
async function withKernel(
  name: string,
  change: (right: KernelConfig) => KernelConfig | undefined,
  run: () => Promise<void>,
): Promise<void> {
  const right = getKernel(name, 'cpu')!
  const wrong = change(right)
  unregisterKernel(name, 'cpu')
  if (wrong !== undefined) registerKernel(wrong)
  try {
    await run()
  } finally {
    if (wrong !== undefined) unregisterKernel(name, 'cpu')
    registerKernel(right)
  }
}

/** The first value is a little off. */
const off = (right: KernelConfig): KernelConfig => ({
  ...right,
  kernelFunc: (call) => {
    const result = right.kernelFunc(call) as TensorInfo
    const { data } = call.backend as { data: { get(id: object): { values: Float32Array } } }
    data.get(result.dataId).values[0]! += 0.25
    return result
  },
})

const kernels = [
  'Conv2D',
  'Conv2DBackpropInput',
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
  'FusedBatchNorm',
]

describe('selfTest', () => {
  beforeEach(async () => {
    await cpu().start()
  })

  it('passes on the reference backend, and leaves nothing behind', async () => {
    const tensors = memory().numTensors
    await selfTest({ tolerance: 1e-5 })
    expect(memory().numTensors).toBe(tensors)
  })

  it('passes on wasm, on one thread and on two', async () => {
    for (const threads of [1, 2]) {
      await wasm({ threads }).start()
      await selfTest({ tolerance: 1e-5 })
    }
  })

  it.each(kernels)('finds a %s that is wrong, names it and gives the numbers', async (name) => {
    await withKernel(name, off, async () => {
      const failure = selfTest()
      await expect(failure).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
      await expect(failure).rejects.toThrow(
        new RegExp(`"cpu" ${name} is wrong: value 0 of \\d+ is -?[\\d.]+, not -?[\\d.]+`),
      )
    })
  })

  it.each(kernels)('finds a %s that is missing', async (name) => {
    await withKernel(
      name,
      () => undefined,
      async () => {
        await expect(selfTest()).rejects.toThrow(new RegExp(`"cpu" ${name} does not run`))
      },
    )
  })

  it('tests the gradient of batch norm in inference where gradients are registered', async () => {
    await import('@tensorflow/tfjs-layers')
    await selfTest({ tolerance: 1e-5 })
    await withKernel('Rsqrt', off, async () => {
      await expect(selfTest()).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
    })
  })
})
