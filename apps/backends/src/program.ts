import { type BackendDriver, type BackendReport, selectBackend } from '@cnnkit/backend'
import { gradCam, overlay } from '@cnnkit/cam'
import { type Picture, type PictureDataset, split } from '@cnnkit/images'
import { evaluate, fineTune } from '@cnnkit/transfer'
import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { classify, createModel, type Prediction } from '@cnnkit/zoo'

/** What the program came to on one backend. */
export interface Ran {
  readonly name: string
  readonly report: BackendReport
  /** What ImageNet's network says of the photograph, the most probable class first. */
  readonly predictions: readonly Prediction[]
  /** Loss after each epoch of fine-tuning. */
  readonly losses: readonly number[]
  /** Share of the held-out photographs that the fine-tuned network names rightly. */
  readonly accuracy: number
  /** What the fine-tuned network looked at, over the photograph. */
  readonly map: Picture
  readonly seconds: Readonly<Record<Part, number>>
}

/** Why the program did not run on a backend. */
export interface Lacking {
  readonly name: string
  readonly reason: string
}

/** What takes time. The first prediction compiles what has to be compiled. */
export type Part = 'start' | 'first prediction' | 'prediction' | 'fine-tuning' | 'map'

/** Classifies a photograph, teaches the network two kinds of flowers, and shows what it then looks at, on one backend. */
export async function runOn(
  driver: BackendDriver,
  photograph: Picture,
  flowers: PictureDataset,
): Promise<Ran | Lacking> {
  const seconds: Partial<Record<Part, number>> = {}
  const timed = async <T>(part: Part, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now()
    const result = await work()
    seconds[part] = (performance.now() - begun) / 1000
    return result
  }
  try {
    const reason = await driver.probe()
    if (reason !== undefined) return { name: driver.name, reason }
    const { report } = await timed('start', () => selectBackend([driver]))

    const pretrained = await createModel('mobilenet_v1_025', { weights: mobilenetV1025 })
    const predictions = await timed('first prediction', () => classify(pretrained, photograph, { top: 3 }))
    await timed('prediction', () => classify(pretrained, photograph))

    const { train, validation } = split(flowers, { holdOut: 0.25, seed: 1 })
    const { model, history } = await timed('fine-tuning', () =>
      fineTune(pretrained, train, { policy: 'last-stage', epochs: 3, batchSize: 8, seed: 1 }),
    )
    const { accuracy } = await evaluate(model, validation)
    const map = overlay(photograph, await timed('map', () => gradCam(model, photograph)))
    model.dispose()
    const losses = history.map(({ loss }) => loss)
    return { name: driver.name, report, predictions, losses, accuracy, map, seconds: seconds as Ran['seconds'] }
  } catch (error) {
    return { name: driver.name, reason: error instanceof Error ? error.message : String(error) }
  }
}
