import { describe, expect, it } from 'vitest'
import { readZooKernels } from '../data.ts'
import { geometryClass, reduced } from './geometry.ts'
import { callOf, lineOf } from './kernel-call.ts'

const lines = Object.keys(readZooKernels().classes)

const convolution = (side: number, channels: number, window: number): string =>
  lineOf({
    kernel: 'Conv2D',
    inputs: {
      x: { shape: [1, side, side, channels], dtype: 'float32' },
      filter: { shape: [window, window, channels, 64], dtype: 'float32' },
    },
    attributes: { strides: [2, 2], pad: 'same', dilations: [1, 1] },
  })

describe('a call', () => {
  it('is the same after it was a line', () => {
    for (const line of lines) expect(lineOf(callOf(line))).toBe(line)
  })
})

describe('a reduced call', () => {
  it('keeps odd grids odd and even ones even, with room for two windows', () => {
    expect(reduced(callOf(convolution(224, 3, 7))).inputs.x!.shape).toEqual([1, 12, 12, 3])
    expect(reduced(callOf(convolution(299, 3, 3))).inputs.x!.shape).toEqual([1, 11, 11, 3])
    expect(reduced(callOf(convolution(227, 3, 11))).inputs.x!.shape).toEqual([1, 15, 15, 3])
  })

  it('keeps the remainder of channels by 8', () => {
    expect(reduced(callOf(convolution(8, 728, 3))).inputs.x!.shape).toEqual([1, 8, 8, 32])
    expect(reduced(callOf(convolution(8, 171, 3))).inputs.x!.shape).toEqual([1, 8, 8, 35])
  })

  it('is of the class that it stands for, and not to be reduced further', () => {
    for (const line of lines) expect(lineOf(reduced(callOf(line)))).toBe(line)
    expect(new Set(lines.map((line) => geometryClass(callOf(line)))).size).toBe(lines.length)
  })

  it('is of one class whatever the rate of an update, as long as it is some', () => {
    const update = (pull: number): string =>
      geometryClass(callOf(`SgdUpdate weight:[8] gradient:[8] velocity:[8] {"kept":1,"pull":${pull}}`))
    expect(update(0.03)).toBe(update(0.003))
    expect(update(0)).not.toBe(update(0.003))
  })

  it('gives gradients the grid that goes with the picture', () => {
    const { inputs, attributes } = reduced({
      kernel: 'Conv2DBackpropInput',
      inputs: {
        dy: { shape: [2, 112, 112, 64], dtype: 'float32' },
        filter: { shape: [7, 7, 3, 64], dtype: 'float32' },
      },
      attributes: { inputShape: [2, 224, 224, 3], strides: [2, 2], pad: 'same' },
    })
    expect([inputs.dy!.shape, inputs.filter!.shape, attributes.inputShape]).toEqual([
      [2, 6, 6, 32],
      [7, 7, 3, 32],
      [2, 12, 12, 3],
    ])
  })
})
