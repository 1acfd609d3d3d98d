import '@tensorflow/tfjs-backend-cpu'
import type { Picture } from '@cnnkit/images'
import { classifier, convNorm, globalPool, rootScope, setCard } from '@cnnkit/layers'
import { memory, setBackend, slice } from '@tensorflow/tfjs-core'
import { input, model as layersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ActivationMap, gradCam, overlay, scaleMap } from './index.ts'
import { toyFlavor } from './testing/flavor.ts'
import { brightPatch, planted, plantedCard } from './testing/planted.ts'

/** Black, but for a white square of 4 x 4 pixels. */
const patch = (left: number, top: number, width = 16, height = 16): Picture =>
  brightPatch({ left, top, width, height, side: 4 })

const cell = (map: ActivationMap, x: number, y: number): number => map.values[y * map.width + x]!

beforeAll(() => setBackend('cpu'))

describe('gradCam', () => {
  it('finds the one patch that decides', async () => {
    const map = await gradCam(planted(), patch(4, 8), { target: 1 })
    expect([map.width, map.height, map.layer, map.method]).toEqual([8, 8, 'stage1', 'grad-cam'])
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 8; x++) {
        const bright = x >= 2 && x < 4 && y >= 4 && y < 6
        expect(cell(map, x, y)).toBeCloseTo(bright ? 1 : 0, 6)
      }
    }
  })

  it('reads the logits where softmax is part of the last layer', async () => {
    const [apart, together] = [planted(), planted('softmax in the dense layer')]
    const expected = await gradCam(apart, patch(4, 8), { target: 1 })
    expect([...(await gradCam(together, patch(4, 8), { target: 1 })).values]).toEqual([...expected.values])
  })

  it('explains the most probable class unless told otherwise', async () => {
    expect((await gradCam(planted(), patch(4, 8))).target).toBe(1)
  })

  it('takes a function of the logits as target', async () => {
    const map = await gradCam(planted(), patch(4, 8), { target: (logits) => slice(logits, [0, 1], [1, 1]) })
    expect(map.target).toBeUndefined()
    expect(cell(map, 2, 4)).toBeCloseTo(1, 6)
  })

  it('is empty and not NaN where nothing speaks for the target', async () => {
    const map = await gradCam(planted(), patch(4, 8), { target: 0 })
    expect(map.empty).toBe(true)
    expect(map.values.every((value) => value === 0)).toBe(true)
  })

  it('says which part of a wide picture the network saw', async () => {
    const map = await gradCam(planted(), patch(8, 4, 32, 16), { target: 1 })
    expect(map.box).toEqual([8, 0, 24, 16])
    expect(cell(map, 0, 2)).toBeCloseTo(1, 6)
  })

  it('leaves no tensor behind, also when it fails', async () => {
    const model = planted()
    const before = memory().numTensors
    await gradCam(model, patch(0, 0))
    await expect(gradCam(model, patch(0, 0), { layer: 'stage9' })).rejects.toThrow('planted has stage1, head.')
    await expect(gradCam(model, patch(0, 0), { layer: 'head.pool' })).rejects.toMatchObject({ code: 'NOT_A_GRID' })
    await expect(gradCam(model, patch(0, 0), { target: 2 })).rejects.toThrow('planted has 2 classes, from 0 to 1.')
    expect(memory().numTensors).toBe(before)
  })

  it('goes through norms and strides of a deeper network', async () => {
    const scope = rootScope({ flavor: toyFlavor, seed: 3 })
    const x = input({ shape: [16, 16, 3], name: 'input' })
    let y = convNorm(x, scope.at('stage1').at('conv1'), { filters: 4, kernelSize: 3, activation: 'relu' })
    y = convNorm(y, scope.at('stage2').at('conv1'), { filters: 4, kernelSize: 3, strides: 2, activation: 'relu' })
    y = classifier(globalPool(y, scope.at('head'), 'avg'), scope.at('head'), { classes: 2 })
    const model = layersModel({ inputs: x, outputs: y })
    setCard(model, plantedCard)
    for (const layer of ['stage1', 'stage2']) {
      const map = await gradCam(model, patch(4, 8), { layer })
      expect(Math.max(...map.values)).toBe(map.empty ? 0 : 1)
      expect(Math.min(...map.values)).toBe(0)
    }
  })
})

describe('scaleMap and overlay', () => {
  const map: ActivationMap = {
    values: Float32Array.from([0, 1]),
    height: 1,
    width: 2,
    method: 'test',
    layer: 'stage1',
    target: 0,
    empty: false,
    box: [2, 0, 6, 2],
  }

  it('scales as OpenCV does: half-pixel centres, ends held', () => {
    // cv2.resize(np.array([[0, 1]], np.float32), (4, 1), interpolation=cv2.INTER_LINEAR)
    expect([...scaleMap(map, 1, 4)]).toEqual([0, 0.25, 0.75, 1])
  })

  it('colours what the network saw and dims the rest', () => {
    const grey: Picture = { data: new Uint8Array(8 * 2 * 3).fill(100), width: 8, height: 2, channels: 3 }
    const shown = overlay(grey, map, { colorMap: 'viridis', opacity: 1 })
    const pixel = (x: number) => [...shown.data.subarray(3 * x, 3 * x + 3)]
    expect(pixel(0)).toEqual([40, 40, 40])
    expect(pixel(2)).toEqual([0x44, 0x01, 0x54]) // viridis at 0 and at 1
    expect(pixel(5)).toEqual([0xfd, 0xe7, 0x25])
    expect(shown.width * shown.height * 3).toBe(shown.data.length)
  })
})
