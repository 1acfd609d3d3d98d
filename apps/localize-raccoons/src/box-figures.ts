import { type ActivationMap, bestIou, localize } from '@cnnkit/cam'
import type { Box } from '@cnnkit/images'
import type { JudgedPicture } from './judged-pictures.ts'

/** What boxes come to over pictures. */
export interface BoxFigures {
  /** Share of pictures in which the box has an IoU of 0.5 or more with a true one. */
  readonly localized: number
  /** Mean IoU with the true box that fits best. */
  readonly iou: number
}

/** @param found a box for each picture, if there is one */
export function boxFigures(found: readonly (Box | undefined)[], pictures: readonly JudgedPicture[]): BoxFigures {
  const overlaps = pictures.map(({ boxes }, i) => bestIou(found[i], boxes))
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return { localized: mean(overlaps.map((overlap) => Number(overlap >= 0.5))), iou: mean(overlaps) }
}

/** The boxes of maps at a share of the maximum. */
export function boxesAt(maps: readonly ActivationMap[], threshold: number): (Box | undefined)[] {
  return maps.map((map) => localize(map, { threshold })[0]?.box)
}

const THRESHOLDS = Array.from({ length: 12 }, (_, i) => (i + 1) / 20)

/** The share of the maximum that finds most objects; of several the one whose boxes fit best. */
export function bestThreshold(maps: readonly ActivationMap[], pictures: readonly JudgedPicture[]): number {
  const value = (threshold: number): number => {
    const { localized, iou } = boxFigures(boxesAt(maps, threshold), pictures)
    return localized + iou / 1000
  }
  return THRESHOLDS.reduce((best, threshold) => (value(threshold) > value(best) ? threshold : best))
}
