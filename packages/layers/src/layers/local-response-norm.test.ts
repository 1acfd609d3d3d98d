import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { wasm } from '@cnnkit/backend-wasm'
import {
  engine,
  getKernelsForBackend,
  grad,
  io,
  memory,
  mul,
  registerBackend,
  registerKernel,
  setBackend,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { input, loadLayersModel, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { costOf, type LocalResponseNormArgs, localResponseNorm, registerLayers } from '../index.ts'
import { relativeError, wave } from './golden.fixture.ts'

interface Case {
  readonly args: LocalResponseNormArgs
  readonly y: readonly number[]
  readonly dx: readonly number[]
}

const golden = JSON.parse(readFileSync(new URL('../golden/local-response-norm.json', import.meta.url), 'utf8')) as {
  readonly shape: readonly number[]
  readonly cases: readonly Case[]
}

/** A backend that has all kernels of `cpu` but those of local response normalization, as WebGPU lacks them. */
async function startBare(): Promise<void> {
  await setBackend('cpu')
  const cpu = engine().backend
  registerBackend('bare', () => cpu)
  for (const kernel of getKernelsForBackend('cpu')) {
    if (!kernel.kernelName.startsWith('LRN')) registerKernel({ ...kernel, backendName: 'bare' })
  }
}

describe.each(['cpu', 'wasm', 'bare'])('LocalResponseNorm on the backend %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await wasm().start()
    if (backend === 'bare') await startBare()
    await setBackend(backend)
  })

  it.each(golden.cases)("gives PyTorch's values and gradient with $args", ({ args, y, dx }) => {
    const before = memory().numTensors
    tidy(() => {
      const layer = localResponseNorm(args)
      const x = mul(wave(golden.shape, 0.7), 3)
      expect(relativeError(layer.apply(x) as Tensor, y)).toBeLessThan(1e-5)
      const gradient = grad((x: Tensor) => layer.apply(x) as Tensor)(x, wave(golden.shape, 1.3))
      expect(relativeError(gradient, dx)).toBeLessThan(1e-5)
    })
    expect(memory().numTensors).toBe(before)
  })
})

describe('LocalResponseNorm', () => {
  beforeAll(() => setBackend('cpu'))

  it('is saved and loaded with all it was made with', async () => {
    registerLayers()
    const x = input({ shape: [4, 4, 8] })
    const args = { name: 'norm', size: 3, alpha: 0.2, beta: 0.6, bias: 2, convention: 'paper' } as const
    const model = makeModel({ inputs: x, outputs: localResponseNorm(args).apply(x) as never })
    expect(costOf(model).multiplyAccumulates).toBe(0)
    let saved: io.ModelArtifacts | undefined
    await model.save(
      io.withSaveHandler(async (artifacts) => {
        saved = artifacts
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(saved!))
    expect(loaded.getLayer('norm').getConfig()).toMatchObject(args)
    expect(loaded.outputShape).toEqual([null, 4, 4, 8])
  })

  it('refuses a window without a middle', () => {
    expect(() => localResponseNorm({ size: 4 })).toThrow('odd number of channels')
  })
})
