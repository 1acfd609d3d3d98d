import { caffe, tf, torch } from '@cnnkit/images'
import type { Preprocessing } from '@cnnkit/layers'

const square224 = { size: [224, 224], resize: 'short-side', cropFraction: 0.875, filter: 'bilinear' } as const

/** Keras' `caffe` mode at 224: blue first, the means of ImageNet's channels taken off, values stay on 0 to 255. */
export const caffe224: Preprocessing = { ...square224, ...caffe }

/** The same at 227, the middle of 256: Caffe's AlexNet. */
export const caffe227: Preprocessing = { ...caffe224, size: [227, 227], cropFraction: 227 / 256 }

/** Keras' `tf` mode at 224: values on -1 to 1. */
export const tf224: Preprocessing = { ...square224, ...tf }

/** torchvision's at 224: the short side to 256, the middle 224; ImageNet's mean and deviation of each channel. */
export const torch224: Preprocessing = { ...square224, ...torch }

/** Keras' `tf` mode at 299, of the whole short side's middle: values on -1 to 1. */
export const tf299: Preprocessing = { ...square224, size: [299, 299], ...tf }
