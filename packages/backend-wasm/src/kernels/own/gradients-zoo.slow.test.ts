import '@tensorflow/tfjs-backend-cpu'
import { existsSync, readFileSync } from 'node:fs'
import { kernel, type Values } from '@cnnkit/testing/compare'
import { noise } from '@cnnkit/testing/numbers'
import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { wasm } from '../../index.ts'
import { errorAgainst } from '../../testing/against-stock.ts'
import { expectSameOnCpu } from '../../testing/compare.ts'
import { zooConvolutions } from '../../testing/zoo-convolutions.ts'
import { conv2dBackpropFilter } from '../conv2d-backprop-filter.ts'
import { conv2dBackpropInput } from '../conv2d-backprop-input.ts'
import { convolutionOf } from '../convolution.ts'
import { depthwiseBackpropFilter } from '../depthwise-backprop-filter.ts'
import { depthwiseBackpropInput } from '../depthwise-backprop-input.ts'

/** Calls of the zoo's networks, collected by running them, one for each geometry; channels are few there. */
const collected = new URL('../../../../../conformance/data/zoo-kernels.json', import.meta.url)
const kernels = new Set([
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
])

describe.each([1, 2])('our own gradients on %i thread(s)', (threads) => {
  beforeAll(async () => {
    await wasm({ threads, kernels: 'own' }).start()
  })

  it('are those composed of TensorFlow.js’ kernels for every convolution of the zoo, with all its channels', () => {
    zooConvolutions.forEach(({ line, depthwise, input, filter, strides, pad, dilations }, i) => {
      // Of both, parts of blocks and more than one block of pixels and of Winograd's tiles.
      for (const batch of [1, 8]) {
        const x = [batch, ...input]
        const dy = convolutionOf(x, filter, { strides, pad, dilations }, depthwise).outShape
        const attributes = { strides, pad, dilations, dataFormat: 'NHWC', inputShape: x, filterShape: filter }
        const forFilter = depthwise ? depthwiseBackpropFilter : conv2dBackpropFilter
        const forInput = depthwise ? depthwiseBackpropInput : conv2dBackpropInput
        expect(errorAgainst(forFilter, { x, dy }, attributes, i), `dW ${line}`).toBeLessThan(1e-5)
        expect(errorAgainst(forInput, { dy, filter }, attributes, i), `dx ${line}`).toBeLessThan(1e-5)
      }
    })
    expect(memory().numTensors).toBe(0)
  })

  it('are those of the cpu backend for every call of them by the zoo’s networks', async ({ skip }) => {
    if (!existsSync(collected)) skip('conformance/data is not there')
    const { classes } = JSON.parse(readFileSync(collected, 'utf8')) as { classes: Record<string, number> }
    const lines = Object.keys(classes).filter((line) => kernels.has(line.slice(0, line.indexOf(' '))))
    expect(lines.length).toBeGreaterThan(340)
    for (const line of lines) {
      const json = line.indexOf('{')
      const [name = '', ...tensors] = line.slice(0, json).trim().split(' ')
      const inputs: Record<string, Values> = Object.fromEntries(
        tensors.map((text, i) => {
          const [input = '', shape = ''] = text.split(':')
          return [input, noise(JSON.parse(shape) as number[], i + 1)]
        }),
      )
      await expectSameOnCpu(inputs, kernel(name, JSON.parse(line.slice(json)) as object), 1e-5, line)
    }
  })
})
