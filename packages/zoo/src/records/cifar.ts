import type { Preprocessing } from '@cnnkit/layers'

/** The classes of CIFAR-10, in the order of its labels (Krizhevsky 2009, batches.meta). */
export const cifar10: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
]

/** Pictures of 32 x 32 as they are, whole. */
export const square32: Pick<Preprocessing, 'size' | 'resize' | 'cropFraction' | 'filter'> = {
  size: [32, 32],
  resize: 'short-side',
  cropFraction: 1,
  filter: 'bilinear',
}

/** The mean and deviation of CIFAR-10's own channels, as fb.resnet.torch and the authors of DenseNet have them. */
export const cifar32: Preprocessing = {
  ...square32,
  channelOrder: 'rgb',
  mean: [125.3, 123, 113.9],
  std: [63, 62.1, 66.7],
}
