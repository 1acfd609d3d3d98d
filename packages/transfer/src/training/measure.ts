import { runStretch, type Stretch } from '@cnnkit/layers'
import { dispose, type Tensor2D, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import type { Objective } from '../objective/objective.ts'
import type { EpochSums } from './checkpoint.ts'
import type { Batch } from './feed.ts'

/**
 * Loss and what is right of held-out pictures, summed.
 *
 * @param tail from where their values come in to the logits
 * @param onBatch told after each batch how many there were
 */
export async function measure(
  tail: Stretch,
  held: AsyncIterable<Batch>,
  objective: Objective,
  onBatch: (step: number) => void,
): Promise<EpochSums> {
  const started = performance.now()
  let [loss, correct, count, step] = [0, 0, 0, 0]
  for await (const { x, labels, targets } of held) {
    const named = tensor1d(labels, 'int32')
    const truth = targets ? tensor2d(targets, [labels.length, targets.length / labels.length]) : named
    const logits = tidy(() => runStretch(tail, x) as Tensor2D)
    const value = tidy(() => objective.loss(logits, truth))
    loss += (await value.data())[0]! * labels.length
    correct += await objective.right(logits, named, truth)
    count += labels.length
    dispose([x, named, truth, logits, value])
    onBatch(++step)
  }
  return { loss, correct, count, seconds: (performance.now() - started) / 1000 }
}
