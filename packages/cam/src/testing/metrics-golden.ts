import { readFileSync } from 'node:fs'
import type { Picture, Preprocessing } from '@cnnkit/images'
import type { ActivationMap } from '../activation-map.ts'

/** What reference/cam/metrics.py wrote of one network. */
export interface NetworkFigures {
  readonly size: readonly [height: number, width: number]
  readonly cells: readonly [height: number, width: number]
  readonly gain: number
  readonly target: number
  readonly logits: readonly number[]
  readonly multiplied: Readonly<Record<'logit' | 'probability', { change: number; drop: number; increase: number }>>
  readonly road: { readonly percentiles: readonly number[] } & Readonly<
    Record<'logit' | 'probability', { most: readonly number[]; least: readonly number[]; combined: number }>
  >
  readonly deletion: { readonly scores: readonly number[]; readonly area: number }
  readonly insertion: { readonly scores: readonly number[]; readonly area: number }
}

/** A smooth map and the boxes that OpenCV finds in it: left, top, right, bottom, area. */
export interface BoxFigures {
  readonly values: readonly number[]
  readonly cells: readonly [height: number, width: number]
  readonly size: readonly [height: number, width: number]
  readonly parts: Readonly<Record<'share' | 'half' | 'otsu' | 'percentile', readonly (readonly number[])[]>>
}

/** The golden file; written by reference/cam/metrics.py. */
export const golden: {
  readonly boxes: readonly BoxFigures[]
  readonly small: NetworkFigures
  readonly resnet18: NetworkFigures
} = JSON.parse(readFileSync(new URL('../golden/metrics.json', import.meta.url), 'utf8'))

/** The picture of the goldens as bytes: reference/zoo/formula.py's, before it is brought to -1 to 1. */
export function formulaPicture([height, width]: readonly [number, number]): Picture {
  const data = new Uint8Array(height * width * 3)
  for (let i = 0, at = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < 3; c++) data[at++] = (7 * i + 13 * j + 29 * c + 5 * ((i * j) % 31)) % 256
    }
  }
  return { data, width, height, channels: 3 }
}

/** What brings that picture to a network as it is, from -1 to 1. */
export function formulaPreprocessing(size: readonly [number, number]): Preprocessing {
  return {
    size,
    resize: 'stretch',
    cropFraction: 1,
    filter: 'bilinear',
    channelOrder: 'rgb',
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
  }
}

/** A map of a name: `grid` of reference/cam/metrics.py. */
export function formulaMap(name: string, [height, width]: readonly [number, number], target: number): ActivationMap {
  const noise = Float64Array.from({ length: height * width }, (_, i) => noiseAt(name, i))
  const [low, high] = [Math.min(...noise), Math.max(...noise)]
  const values = Float32Array.from(noise, (value) => (value - low) / (high - low))
  return { values, height, width, method: 'formula', layer: 'none', target, empty: false, box: [0, 0, width, height] }
}

function noiseAt(name: string, index: number): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193)
  let x = (Math.imul(index, 0x9e3779b1) + hash) | 0
  x ^= x >>> 16
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  x ^= x >>> 16
  return (x >>> 0) / 2 ** 31 - 1
}
