import { gradCam, overlay } from '@cnnkit/cam'
import { encodeImage, type Picture, type PictureDataset, resize } from '@cnnkit/images'
import type { Mistake, ReportPicture } from '@cnnkit/report'
import { type Evaluation, topLosses } from '@cnnkit/transfer'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/**
 * The pictures that a model was most wrong about, each beside the map of what it looked at when it named the wrong class:
 * what a report shows.
 */
export async function worstMistakes(
  model: LayersModel,
  dataset: PictureDataset,
  evaluation: Evaluation,
  count = 6,
): Promise<Mistake[]> {
  const indices = new Map(Array.from({ length: dataset.size }, (_, i) => [dataset.id(i), i]))
  const mistakes: Mistake[] = []
  for (const { id, label, predicted, probabilities, loss } of topLosses(evaluation, count)) {
    const picture = await dataset.picture(indices.get(id)!)
    const map = await gradCam(model, picture, { target: predicted })
    mistakes.push({
      id,
      truth: dataset.classes[label]!,
      predicted: dataset.classes[predicted]!,
      probability: probabilities[predicted]!,
      truthProbability: probabilities[label]!,
      loss,
      picture: await thumbnail(picture),
      map: await thumbnail(overlay(picture, map)),
    })
  }
  return mistakes
}

const LONG_SIDE = 320

/** A picture small enough to be put into a page. */
export async function thumbnail(picture: Picture): Promise<ReportPicture> {
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height))
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
  const small = scale < 1 ? resize(picture, { width, height, filter: 'bilinear' }) : picture
  return { mime: 'image/jpeg', bytes: await encodeImage(small, 'jpeg') }
}
