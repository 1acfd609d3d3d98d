import type { PictureDataset } from '@cnnkit/images'
import { cardOf, setCard } from '@cnnkit/layers'
import { fineTune } from '@cnnkit/transfer'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { openModel, trainingProgress } from 'cnnkit'
import type { Arguments } from './arguments.ts'

/** The published network with a head that tells raccoons from other animals, and that sees pictures whole: a map says nothing of what a crop left out. */
export async function teach(train: PictureDataset, args: Arguments, signal: AbortSignal): Promise<LayersModel> {
  const model = await openModel(args.model, { signal })
  const card = cardOf(model)
  setCard(model, { ...card, preprocessing: { ...card.preprocessing, resize: 'stretch', cropFraction: 1 } })
  const progress = trainingProgress('Raccoon or not')
  try {
    const options = { epochs: args.epochs, seed: args.seed, signal, onProgress: progress.onProgress }
    const { model: tuned } = await fineTune(model, train, options)
    progress.done(`${args.epochs} epochs on ${train.size} pictures`)
    return tuned
  } finally {
    progress.stop()
  }
}
