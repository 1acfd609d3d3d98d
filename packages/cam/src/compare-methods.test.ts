import '@tensorflow/tfjs-backend-cpu'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type ComparedMethod,
  type ComparedPicture,
  compareMethods,
  confidenceChange,
  deletion,
  gradCam,
  insertion,
  road,
} from './index.ts'
import { brightPatch, planted } from './testing/planted.ts'

/** Points away from all that Grad-CAM points at. */
const wrong: ComparedMethod = async (model, image, options) => {
  const map = await gradCam(model, image, options)
  return { ...map, method: 'wrong', values: map.values.map((value) => 1 - value) }
}

const pictures: ComparedPicture[] = [
  { left: 4, top: 8, width: 16, height: 16 },
  { left: 26, top: 2, width: 64, height: 16 },
].map((place) => {
  const { left, top } = place
  return { image: brightPatch({ ...place, side: 4 }), target: 1, boxes: [[left, top, left + 4, top + 4]] }
})

beforeAll(() => setBackend('cpu'))

describe('compareMethods', () => {
  it('puts the method that finds the evidence before the one that shuns it, by every figure', async () => {
    const model = planted()
    const before = memory().numTensors
    const told: string[] = []
    const [right, bad] = await compareMethods(
      model,
      pictures,
      { 'grad-cam': gradCam, wrong },
      {
        localize: { threshold: 0.5 },
        onProgress: ({ method, done, total }) => told.push(`${method} ${done}/${total}`),
      },
    )
    expect(memory().numTensors).toBe(before)
    expect(told).toEqual(['grad-cam 1/4', 'grad-cam 2/4', 'wrong 3/4', 'wrong 4/4'])
    expect(right).toMatchObject({ method: 'grad-cam', pictures: 2, empty: 0, localized: 1, pointing: 1 })
    expect(bad).toMatchObject({ method: 'wrong', localized: 0, pointing: 0 })
    expect(right!.iou!).toBeGreaterThan(0.7)
    expect(right!.deletion!).toBeLessThan(bad!.deletion!)
    expect(right!.insertion!).toBeGreaterThan(bad!.insertion!)
    expect(right!.road!).toBeGreaterThan(bad!.road!)
    expect(right!.averageDrop!).toBeLessThan(bad!.averageDrop!)
    expect(right!.millisecondsPerMap).toBeGreaterThan(0)
  })

  it('measures what is asked for, and boxes only where there are some', async () => {
    const [row] = await compareMethods(
      planted(),
      [{ ...pictures[0]!, boxes: [] }],
      { gradCam },
      { metrics: ['confidence'] },
    )
    expect(Object.keys(row!).sort()).toEqual(
      ['averageDrop', 'averageIncrease', 'empty', 'method', 'millisecondsPerMap', 'pictures'].sort(),
    )
    const { image, target } = pictures[0]!
    const [none] = await compareMethods(planted(), [{ image, target }], { gradCam }, { metrics: ['boxes'] })
    expect(none!.localized).toBeUndefined()
  })

  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const work = compareMethods(
      planted(),
      pictures,
      { gradCam },
      { signal: stop.signal, onProgress: () => stop.abort() },
    )
    await expect(work).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

describe('the metrics', () => {
  const { image } = pictures[0]!

  it('keep the picture where the map is 1 all over, and lose all of it where the map is empty', async () => {
    const model = planted()
    const map = await gradCam(model, image, { target: 1 })
    const all = { ...map, values: map.values.map(() => 1) }
    expect(await confidenceChange(model, image, all)).toMatchObject({ drop: 0, increased: false })
    const none = { ...map, values: map.values.map(() => 0), empty: true }
    const lost = await confidenceChange(model, image, none, { score: 'logit' })
    expect(lost.after).toBeCloseTo(-0.5, 5)
    expect(lost.before).toBeCloseTo(32 / 16 - 0.5, 5)
    expect(lost.drop).toBeCloseTo(2 / 1.5, 5)
  })

  it('go from all to nothing and back, in as many steps as are asked for', async () => {
    const model = planted()
    const map = await gradCam(model, image, { target: 1 })
    const options = { score: 'logit', steps: 16, baseline: 'zero' } as const
    const [down, up] = [await deletion(model, image, map, options), await insertion(model, image, map, options)]
    expect(down.scores).toHaveLength(17)
    expect(down.scores[0]).toBeCloseTo(1.5, 5)
    // The patch is a sixteenth of the picture, and the first to go.
    expect(down.scores[1]).toBeCloseTo(-0.5, 5)
    expect(up.scores[0]).toBeCloseTo(-0.5, 5)
    expect(up.scores[1]).toBeCloseTo(1.5, 5)
    expect(down.area).toBeLessThan(up.area)
  })

  it('are the same for the same seed, and ask for a class where the map has none', async () => {
    const model = planted()
    const map = await gradCam(model, image, { target: 1 })
    const [a, b] = [
      await road(model, image, map, { percentiles: [50] }),
      await road(model, image, map, { percentiles: [50] }),
    ]
    expect(a).toEqual(b)
    await expect(deletion(model, image, { ...map, target: undefined })).rejects.toMatchObject({ code: 'NO_CLASS' })
    await expect(deletion(model, image, map, { target: 2 })).rejects.toThrow('has 2 classes, from 0 to 1')
  })
})
