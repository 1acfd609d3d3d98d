import { type ImageSource, type Random, random } from '@cnnkit/images'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ActivationMap } from '../activation-map.ts'
import { percentileOf } from '../localize-threshold.ts'
import { imputed } from './imputation.ts'
import { type Judged, judged, type MetricOptions } from './judged.ts'

/** Options of {@link road}. */
export interface RoadOptions extends MetricOptions {
  /** Percentiles of the map from which on pixels go, 0 to 100; 10, 20 and so on to 90 unless given. */
  readonly percentiles?: readonly number[]
  /** Standard deviation of the noise on pixels that are made up, in units of the network's input; 0.01 unless given. */
  readonly noise?: number
  /** Decides the noise; 0 unless given. */
  readonly seed?: number
}

/** What ROAD says of a map. */
export interface RoadScores {
  /** For each percentile what the score becomes less what it was, when the strongest pixels go. The less, the better. */
  readonly mostRelevantFirst: Float32Array
  /** The same when the weakest pixels go. The more, the better. */
  readonly leastRelevantFirst: Float32Array
  /** Half the difference of the means: the more, the better. */
  readonly combined: number
}

/**
 * Removes pixels in the order of a map so that where they were does not show: each becomes the mean of its neighbours and
 * a little noise (ROAD: Rong et al. 2022, "A consistent and efficient evaluation strategy for attribution methods", with
 * the figures of pytorch-grad-cam's `ROADCombined`).
 *
 * @throws `NO_CLASS`, `UNKNOWN_CLASS`, `ABORTED`
 */
export async function road(
  model: LayersModel,
  image: ImageSource,
  map: ActivationMap,
  options: RoadOptions = {},
): Promise<RoadScores> {
  const { percentiles = [10, 20, 30, 40, 50, 60, 70, 80, 90], noise = 0.01, seed = 0 } = options
  const picture = await judged(model, image, map, options)
  const reversed = picture.heat.map((value) => 1 - value)
  const rng = random(seed)
  function* forms(): Generator<Float32Array> {
    yield picture.pixels
    for (const heat of [picture.heat, reversed]) {
      for (const percentile of percentiles) yield without(picture, { heat, percentile, noise, rng })
    }
  }
  const [before, ...after] = await picture.score(forms())
  const changes = Float32Array.from(after, (score) => score - before!)
  const mostRelevantFirst = changes.slice(0, percentiles.length)
  const leastRelevantFirst = changes.slice(percentiles.length)
  return {
    mostRelevantFirst,
    leastRelevantFirst,
    combined: (mean(leastRelevantFirst) - mean(mostRelevantFirst)) / 2,
  }
}

interface Removal {
  readonly heat: Float32Array
  readonly percentile: number
  readonly noise: number
  readonly rng: Random
}

/** The input without the pixels whose heat is at the percentile or above. */
function without(picture: Judged, { heat, percentile, noise, rng }: Removal): Float32Array {
  const least = percentileOf(heat, percentile)
  const missing = Uint8Array.from(heat, (value) => Number(value >= least))
  const filled = imputed({ ...picture, missing })
  const { channels } = picture
  for (const [place, misses] of missing.entries()) {
    if (!misses) continue
    for (let c = 0; c < channels; c++) filled[place * channels + c]! += noise * rng.normal()
  }
  return filled
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
