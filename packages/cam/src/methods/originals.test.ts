import '@tensorflow/tfjs-backend-cpu'
import { existsSync } from 'node:fs'
import { type Picture, preprocess, raw, readImage, torch } from '@cnnkit/images'
import { expect, it } from 'vitest'
import { inUnitRange, scaleMap } from '../activation-map.ts'
import { layerCam, overlay } from '../index.ts'
import { describeOriginals, difference, golden, HOW_TO_UPDATE, sampled } from '../testing/describe-originals.ts'
import { formulaNetwork } from '../testing/formula-network.ts'

describeOriginals('quick')

const { photo, size, cropFraction, layer, target, map, overlays } = golden.finished
const path = new URL(`../../../../../shared/data/images/flowers-200/${photo}`, import.meta.url)
if (!existsSync(path)) console.warn(`No photograph at ${path.pathname}: the finished overlay is not compared.`)

it.runIf(existsSync(path))('a photograph becomes the overlay that pytorch-grad-cam makes of it', async () => {
  const { model } = await formulaNetwork('resnet18.torchvision', [size, size])
  const picture = await readImage(path)
  const preprocessing = {
    ...torch,
    size: [size, size],
    resize: 'short-side',
    cropFraction,
    filter: 'bilinear',
  } as const
  const made = await layerCam(model, picture, { layer, preprocessing })
  expect(made.target).toBe(target)
  // It scales once more after the map is resized.
  const heat = inUnitRange({ values: scaleMap(made, size, size), height: size, width: size })
  expect(difference(sampled(heat.values, map.length), map), HOW_TO_UPDATE).toBeLessThan(1e-3)

  const crop = preprocess(picture, { ...preprocessing, ...raw })
  const shown: Picture = { data: Uint8Array.from(crop.dataSync()), width: size, height: size, channels: 3 }
  for (const [colorMap, theirs] of Object.entries(overlays)) {
    const ours = overlay(
      shown,
      { ...made, ...heat, box: [0, 0, size, size] },
      { colorMap: colorMap as 'viridis' | 'inferno' },
    ).data
    // It scales the blend to full brightness; and it cuts levels of the map off where ours are rounded.
    const brightness = 255 / Math.max(...ours)
    const apart = sampled(ours, theirs.length).map((value, i) => Math.abs(value * brightness - theirs[i]!))
    expect(Math.max(...apart), colorMap).toBeLessThan(6)
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length, colorMap).toBeLessThan(1.5)
  }
  crop.dispose()
  model.dispose()
})
