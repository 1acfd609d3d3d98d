import { CnnkitError } from '@cnnkit/errors'
import { type Picture, type Pixels, toGrey, toRgb } from '../picture.ts'
import { resample } from '../resize/resample.ts'
import { geometryOf } from './geometry.ts'
import { checkPreprocessing, type Preprocessing } from './preprocessing.ts'

/** Room for the values of `count` pictures. */
export function batchOf(count: number, { size, mean }: Preprocessing): Float32Array {
  return new Float32Array(count * size[0] * size[1] * mean.length)
}

/** A function that writes one picture into its place of a batch; it holds the tables that turn bytes into floats. */
export function writerOf(preprocessing: Preprocessing): (pixels: Pixels, values: Float32Array, index: number) => void {
  checkPreprocessing(preprocessing)
  const { filter, mean, channelOrder, size } = preprocessing
  const tables = tablesOf(preprocessing)
  const length = size[0] * size[1] * mean.length
  return (pixels, values, index) => {
    const source = withChannels(pixels, mean.length)
    const box = [0, 0, source.width, source.height] as const
    const geometry = geometryOf(source.width, source.height, preprocessing)
    const cropped = resample(source, { ...geometry, box, filter, antialias: true })
    normalize(cropped, tables, channelOrder === 'bgr', values.subarray(index * length, (index + 1) * length))
  }
}

/** For each channel of the network, the float of each byte. */
function tablesOf({ mean, std }: Preprocessing): readonly Float32Array[] {
  return mean.map((average, channel) => Float32Array.from({ length: 256 }, (_, x) => (x - average) / std[channel]!))
}

function normalize(
  { data, channels }: Pixels,
  tables: readonly Float32Array[],
  flip: boolean,
  out: Float32Array,
): void {
  for (const [channel, table] of tables.entries()) {
    const read = channels === 1 ? 0 : flip ? tables.length - 1 - channel : channel
    for (let from = read, to = channel; to < out.length; from += channels, to += tables.length) {
      out[to] = table[data[from]!]!
    }
  }
}

/** The pixels with the network's channels; one channel may stand for several, which are then equal. */
function withChannels(pixels: Pixels, wanted: number): Pixels {
  if (pixels.channels === wanted) return pixels
  const isPicture = pixels.channels === 1 || pixels.channels === 3 || pixels.channels === 4
  if (isPicture && wanted === 1) return toGrey(pixels as Picture)
  if (isPicture && wanted === 3) return pixels.channels === 1 ? pixels : toRgb(pixels as Picture)
  throw new CnnkitError(
    'images',
    'CHANNEL_MISMATCH',
    `The picture has ${pixels.channels} channels and the network takes ${wanted}: hand in a tensor [height, width, ${wanted}].`,
  )
}
