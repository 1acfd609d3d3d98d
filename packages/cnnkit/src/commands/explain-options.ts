import {
  type ActivationMap,
  type ColorMap,
  localize,
  type MapMethodName,
  type Region,
  type Threshold,
} from '@cnnkit/cam'
import type { Picture } from '@cnnkit/images'
import type { Prediction } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type ComputeOptions, UsageError } from '../command.ts'

/** What `cnnkit explain` is called with. */
export interface ExplainOptions extends ComputeOptions {
  readonly model: string
  readonly method: MapMethodName
  readonly class?: string
  readonly layer?: readonly string[]
  readonly channels?: number
  readonly out?: string
  readonly sheet?: boolean
  readonly box?: boolean
  readonly threshold?: Threshold
  readonly colors: ColorMap
  readonly json?: boolean
}

/** What is explained: a picture that a network has seen, and the class. */
export interface Explained {
  readonly photo: string
  readonly picture: Picture
  readonly model: LayersModel
  readonly class: Prediction
  readonly signal: AbortSignal
}

/** Where the object is, by a map and the threshold that was asked for. */
export function regionsOf(map: ActivationMap, { threshold }: ExplainOptions): readonly Region[] {
  return localize(map, threshold === undefined ? {} : { threshold })
}

/** The boxes to draw, if any are asked for. */
export function boxesDrawn(regions: readonly Region[], { box, threshold }: ExplainOptions): readonly Region['box'][] {
  return box || threshold !== undefined ? regions.map((region) => region.box) : []
}

/** A threshold as it was typed: `0.3`, `otsu`, `p80`. */
export function thresholdNamed(text: string): Threshold {
  if (text === 'otsu') return text
  const [, isPercentile, digits] = /^(p?)(\d*\.?\d+)$/.exec(text) ?? []
  const value = Number(digits)
  if (isPercentile && value <= 100) return { percentile: value }
  if (value <= 1) return value
  throw new UsageError(`"${text}" is neither a share of the maximum (0.2), otsu nor a percentile (p80).`)
}
