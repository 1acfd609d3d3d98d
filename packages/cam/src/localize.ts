import type { Box } from '@cnnkit/images'
import { type ActivationMap, scaleMap } from './activation-map.ts'
import { componentsOf } from './localize-components.ts'
import { type Threshold, thresholdOf } from './localize-threshold.ts'

/** Options of {@link localize}. */
export interface LocalizeOptions {
  /** What of the map belongs to the object; 0.2 of the maximum unless given. */
  readonly threshold?: Threshold
  /** The box around the largest connected part alone, or one around each; `largest` unless given. */
  readonly components?: 'largest' | 'all'
}

/** Where an object is, by a map. */
export interface Region {
  /** Left, top, right and bottom in pixels and parts of pixels of the original picture, whatever part of it the network saw. */
  readonly box: Box
  /** How much of the picture the part takes, in pixels; at most the box's. */
  readonly area: number
  /** The map's strongest value in it, 0 to 1. */
  readonly peak: number
}

/**
 * Where the object is that a map shows: the box around what is strong and connected (Zhou et al. 2016, "Learning deep
 * features for discriminative localization", section 3.2).
 *
 * ```ts
 * const [found] = localize(await gradCam(model, picture), { threshold: 0.2 })
 * found?.box // in pixels of `picture`
 * ```
 *
 * The map is resized in a straight line between its values to the pixels that the network's crop has in the picture, but to at
 * most 256 on a side, so an edge is known to a pixel or to a 256th of the crop. A place has four neighbours.
 *
 * @returns the largest first; nothing for an empty map
 * @throws `INVALID_THRESHOLD`
 */
export function localize(map: ActivationMap, options: LocalizeOptions = {}): readonly Region[] {
  const { threshold = 0.2, components = 'largest' } = options
  const [left, top, right, bottom] = map.box
  const scale = Math.min(1, MOST / Math.max(right - left, bottom - top))
  const width = Math.max(1, Math.round((right - left) * scale))
  const height = Math.max(1, Math.round((bottom - top) * scale))
  const values = scaleMap(map, height, width)
  const belongs = thresholdOf(values, threshold)
  if (map.empty) return []
  const [across, down] = [(right - left) / width, (bottom - top) / height]
  const regions = componentsOf(values, width, belongs).map((part): Region => {
    const box = [part.left * across, part.top * down, part.right * across, part.bottom * down] as const
    return {
      box: [left + box[0], top + box[1], left + box[2], top + box[3]],
      area: part.cells * across * down,
      peak: part.peak,
    }
  })
  const sorted = regions.sort((a, b) => b.area - a.area)
  return components === 'largest' ? sorted.slice(0, 1) : sorted
}

const MOST = 256

/** The middle of a map's strongest cell, in pixels of the original picture; of several the first, row by row. Nothing for an empty map. */
export function peakOf(map: ActivationMap): readonly [x: number, y: number] | undefined {
  if (map.empty) return undefined
  const at = map.values.indexOf(map.values.reduce((most, value) => Math.max(most, value), 0))
  const [left, top, right, bottom] = map.box
  const [column, row] = [at % map.width, Math.floor(at / map.width)]
  return [left + ((column + 0.5) / map.width) * (right - left), top + ((row + 0.5) / map.height) * (bottom - top)]
}
