import '@tensorflow/tfjs-backend-cpu'
import { wasm } from '@cnnkit/backend-wasm'
import { io, memory, setBackend, type Tensor, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { input, loadLayersModel, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { nearestVotes, registerLayers } from '../index.ts'

describe.each(['cpu', 'wasm'])('NearestVotes on the backend %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await wasm().start()
    await setBackend(backend)
    registerLayers()
  })

  it('gives the share of the nearest that are of each class, saved and loaded too', async () => {
    const before = memory().numTensors
    const x = input({ shape: [5] })
    const vote = nearestVotes({ name: 'vote', neighbors: 2, classes: 3 })
    const model = makeModel({ inputs: x, outputs: vote.apply(x) as never })
    const labels = tensor1d([0, 2, 2, 1, 0])
    vote.setWeights([labels])
    expect(model.trainableWeights).toEqual([])
    const nearness = tensor2d([
      [9, 1, 2, 3, 8],
      [0, 5, 4, -1, -2],
      [-5, -4, -3, -1, -2],
    ])
    let kept: io.ModelArtifacts | undefined
    await model.save(
      io.withSaveHandler(async (artifacts) => {
        kept = artifacts
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(kept!))
    for (const network of [model, loaded]) {
      const shares = tidy(() => (network.predict(nearness) as Tensor).arraySync())
      expect(shares).toEqual([
        [1, 0, 0],
        [0, 0, 1],
        [0.5, 0.5, 0],
      ])
      network.dispose()
    }
    for (const tensor of [labels, nearness]) tensor.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('refuses more neighbours than there are examples', () => {
    const x = input({ shape: [5] })
    expect(() => nearestVotes({ neighbors: 6, classes: 3 }).apply(x)).toThrow('6 nearest neighbours of 5 examples')
  })
})
