import {
  abs,
  concat,
  dispose,
  gather,
  mean,
  mul,
  range,
  reshape,
  slice,
  squeeze,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tidy,
  tile,
  topk,
} from '@tensorflow/tfjs-core'
import type { Evidence } from '../method.ts'
import type { MapOptions } from '../procedure.ts'
import { type BatchOptions, checkCount, inBatches } from './in-batches.ts'

/** Options of {@link scoreCam} and {@link ablationCam}, which run the network once for each channel of the layer. */
export interface ChannelOptions extends MapOptions, BatchOptions {
  /** How many channels the network is run for, of each picture those of the largest mean magnitude; all unless given. The others count nothing. */
  readonly channels?: number
}

/** Some channels of one picture at the layer. */
export interface Channels {
  /** Which picture of the batch. */
  readonly picture: number
  /** Which channels: `[n]`, int32. */
  readonly indices: Tensor1D
  /** Their grids: `[height, width, n]`. */
  readonly grids: Tensor3D
}

/** The two ideas of a method that asks the network about each channel. */
export interface ChannelMethod {
  /** The score of each channel: `[n]`. Run within a `tidy`. */
  readonly score: (channels: Channels) => Tensor1D
  /** The weights of the channels by their scores, `[batch, n]` to `[batch, n]`. Run within a `tidy`. */
  readonly weights: (scores: Tensor2D) => Tensor2D
}

/** The map `[batch, height, width]` in which each channel counts as much as the network's answers say. */
export async function mapByChannels(
  { activations }: Evidence,
  { score, weights }: ChannelMethod,
  options: ChannelOptions,
): Promise<Tensor3D> {
  const [batch, height, width, all] = activations.shape
  checkCount('channels', options.channels ?? all)
  const count = Math.min(options.channels ?? all, all)
  const [indices, grids] = tidy(() => strongest(activations, count))
  let scores: readonly Tensor[] = []
  try {
    scores = await inBatches(batch, count, options, (picture, from, size) =>
      score({
        picture,
        indices: reshape(slice(indices, [picture, from], [1, size]), [size]),
        grids: squeeze<Tensor3D>(slice(grids, [picture, 0, 0, from], [1, height, width, size]), [0]),
      }),
    )
    return tidy(() => {
      const weighed = weights(reshape(concat([...scores]), [batch, count]))
      return sum<Tensor3D>(mul(grids, reshape(weighed, [batch, 1, 1, count])), 3)
    })
  } finally {
    dispose([indices, grids, ...scores])
  }
}

/** The strongest channels of each picture, `[batch, count]`, and their grids, `[batch, height, width, count]`. */
function strongest(activations: Tensor4D, count: number): [Tensor2D, Tensor4D] {
  const [batch, , , all] = activations.shape
  if (count === all) return [tile(reshape(range(0, all, 1, 'int32'), [1, all]), [batch, 1]), activations.clone()]
  const { indices } = topk(mean<Tensor2D>(abs(activations), [1, 2]), count)
  return [indices as Tensor2D, gather(activations, indices, 3, 1) as Tensor4D]
}
