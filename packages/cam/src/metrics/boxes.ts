import type { Box } from '@cnnkit/images'
import type { ActivationMap } from '../activation-map.ts'
import { peakOf } from '../localize.ts'

/** What two boxes have in common over what they cover together, 0 to 1; 0 where they do not touch. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0])
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  const common = Math.max(width, 0) * Math.max(height, 0)
  const together = area(a) + area(b) - common
  return together > 0 ? common / together : 0
}

function area([left, top, right, bottom]: Box): number {
  return Math.max(right - left, 0) * Math.max(bottom - top, 0)
}

/** How well a box fits the one of several true boxes that it fits best, as IoU; 0 where none was found. */
export function bestIou(found: Box | undefined, truths: readonly Box[]): number {
  return found ? truths.reduce((best, truth) => Math.max(best, iou(found, truth)), 0) : 0
}

/**
 * The share of pictures in which the box found fits none of the true ones, 0 to 1: ILSVRC's localization error for boxes of
 * the right class.
 *
 * @param found a box for each picture, `undefined` where there is none
 * @param truths the true boxes of each picture
 * @param least the IoU from which on a box fits; 0.5 as in ILSVRC unless given
 */
export function localizationError(
  found: readonly (Box | undefined)[],
  truths: readonly (readonly Box[])[],
  least = 0.5,
): number {
  const missed = found.filter((box, i) => bestIou(box, truths[i] ?? []) < least)
  return missed.length / found.length
}

/**
 * Whether a map's strongest place lies on the object (the pointing game of Zhang et al. 2016, "Top-down neural attention by
 * excitation backprop", section 4.1). An empty map points nowhere.
 *
 * @param truths boxes of the object, in pixels of the original picture
 * @param tolerance how far outside of a box the place may lie, in pixels; 15 in the paper, 0 unless given
 */
export function pointsAt(map: ActivationMap, truths: readonly Box[], tolerance = 0): boolean {
  const peak = peakOf(map)
  if (!peak) return false
  const [x, y] = peak
  return truths.some(
    ([left, top, right, bottom]) =>
      x >= left - tolerance && x < right + tolerance && y >= top - tolerance && y < bottom + tolerance,
  )
}
