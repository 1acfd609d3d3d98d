import type { ImageSource } from '@cnnkit/images'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ActivationMap } from '../activation-map.ts'
import { judged, type MetricOptions } from './judged.ts'

/** What a score becomes when only what a map shows is left of the picture. */
export interface ConfidenceChange {
  /** The score of the picture. */
  readonly before: number
  /** The score of what is left. */
  readonly after: number
  /** What is lost, as a share of what was there, 0 where nothing is: its mean over pictures is the average drop. */
  readonly drop: number
  /** Whether the score is higher: the share of pictures for which it is, is the average increase. */
  readonly increased: boolean
}

/**
 * What a network still says when every pixel is weakened as much as the map is weak there (Chattopadhyay et al. 2018,
 * "Grad-CAM++", section 4.1). The network's input is multiplied by the map, as in pytorch-grad-cam.
 *
 * @throws `NO_CLASS`, `UNKNOWN_CLASS`
 */
export async function confidenceChange(
  model: LayersModel,
  image: ImageSource,
  map: ActivationMap,
  options: MetricOptions = {},
): Promise<ConfidenceChange> {
  const picture = await judged(model, image, map, options)
  const { pixels, heat, channels } = picture
  const left = pixels.map((value, at) => value * heat[Math.floor(at / channels)]!)
  const [before, after] = (await picture.score([pixels, left])) as unknown as [number, number]
  const lost = Math.max(before - after, 0)
  return { before, after, drop: lost === 0 ? 0 : lost / Math.abs(before), increased: after > before }
}
