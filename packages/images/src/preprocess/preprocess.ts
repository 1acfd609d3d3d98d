import { CnnkitError } from '@cnnkit/errors'
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import { type Picture, type Pixels, toGrey, toRgb } from '../picture.ts'
import { resample } from '../resize/resample.ts'
import { type ImageSource, pixelsOf } from '../source.ts'
import { geometryOf } from './geometry.ts'
import { checkPreprocessing, type Preprocessing } from './preprocessing.ts'

/**
 * Pictures as a network takes them: `[batch, height, width, channels]`, float32; the caller disposes it. Tensors that
 * are handed in stay the caller's. A picture takes the channels of the network: grey is repeated, colour becomes luma
 * where the network takes one channel, alpha is laid over white. For a network of another number of channels, hand in
 * tensors with as many.
 *
 * The values equal those of PIL's resize followed by torchvision's or Keras' normalisation. Throws
 * `INVALID_PREPROCESSING`, `CHANNEL_MISMATCH`, `NO_PICTURES`, and what {@link ImageSource} says.
 */
export function preprocess(image: ImageSource | readonly ImageSource[], preprocessing: Preprocessing): Tensor4D {
  const images = Array.isArray(image) ? (image as readonly ImageSource[]) : [image as ImageSource]
  if (images.length === 0) throw new CnnkitError('images', 'NO_PICTURES', 'preprocess needs at least one picture.')
  const values = batchOf(images.length, preprocessing)
  const write = writerOf(preprocessing)
  images.forEach((source, index) => {
    write(pixelsOf(source), values, index)
  })
  return batchTensor(values, preprocessing)
}

/** Room for the values of `count` pictures. */
export function batchOf(count: number, { size, mean }: Preprocessing): Float32Array {
  return new Float32Array(count * size[0] * size[1] * mean.length)
}

/** The tensor over values that {@link writerOf} wrote; the caller disposes it. */
export function batchTensor(values: Float32Array, { size, mean }: Preprocessing): Tensor4D {
  const [height, width] = size
  return tensor4d(values, [values.length / (height * width * mean.length), height, width, mean.length], 'float32')
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
