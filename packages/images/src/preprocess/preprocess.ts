import { CnnkitError } from '@cnnkit/errors'
import { type Tensor4D, tensor4d } from '@tensorflow/tfjs-core'
import { type ImageSource, pixelsOf } from '../source.ts'
import type { Preprocessing } from './preprocessing.ts'
import { batchOf, writerOf } from './writer.ts'

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

/** The tensor over values that {@link writerOf} wrote; the caller disposes it. */
export function batchTensor(values: Float32Array, { size, mean }: Preprocessing): Tensor4D {
  const [height, width] = size
  return tensor4d(values, [values.length / (height * width * mean.length), height, width, mean.length], 'float32')
}
