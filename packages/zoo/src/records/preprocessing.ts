import type { Preprocessing } from '@cnnkit/layers'

const keras = { size: [224, 224], resize: 'short-side', cropFraction: 0.875, filter: 'bilinear' } as const

/** Keras' `caffe` mode at 224: blue first, the means of ImageNet's channels taken off, values stay on 0 to 255. */
export const caffe224: Preprocessing = {
  ...keras,
  channelOrder: 'bgr',
  mean: [103.939, 116.779, 123.68],
  std: [1, 1, 1],
}

/** Keras' `tf` mode at 224: values on -1 to 1. */
export const tf224: Preprocessing = {
  ...keras,
  channelOrder: 'rgb',
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
}
