// How the papers trained on ImageNet. What a paper leaves out is from the code of its authors, or from the port that reproduced it,
// and each such field says so. `decayed`: Caffe's and slim's networks spare biases and norms, Torch's decay all.
import type { Recipe } from './recipe.ts'

/** The networks whose papers say how they were trained. */
export type PaperName =
  | 'alexnet'
  | 'vgg'
  | 'googlenet'
  | 'inception_v3'
  | 'resnet'
  | 'densenet'
  | 'mobilenet_v1'
  | 'mobilenet_v2'
  | 'nasnet'

/** A recipe with what else the paper says of the run. `fit` takes it as a recipe, and epochs, batch size and dropout where they belong. */
export interface PaperRecipe extends Recipe {
  /** Where it stands. */
  readonly source: string
  /** Pictures a step: of one worker where many ran side by side. */
  readonly batchSize: number
  /** Passes over the 1.28 million pictures; absent where the source does not say. */
  readonly epochs?: number
  /** Share dropped before the classifier; in AlexNet and VGG in both hidden layers. Absent where there is none. */
  readonly dropout?: number
  /** How the paper draws fresh weights, and the flavor of the zoo that does so. */
  readonly initialWeights: string
}

/** `tf.train.RMSPropOptimizer` as the Inceptions have it; momentum is from the authors' code (tensorflow/models, inception_train.py). */
const inceptionRule = {
  kind: 'rmsprop',
  form: 'tensorflow',
  rho: 0.9,
  momentum: 0.9,
  epsilon: 1,
  decay: 'coupled',
  weightDecay: 4e-5,
} as const

/** "A running average of the parameters computed over time"; its decay is from the authors' code. */
const polyak = { decay: 0.9999, rampUp: true } as const

const caffeRule = { kind: 'sgd', momentum: 0.9, velocity: 'steps', decay: 'coupled' } as const

const torchRule = { kind: 'sgd', momentum: 0.9, decay: 'coupled', decayed: 'all', weightDecay: 1e-4 } as const

/** "Divided by 10 when the validation error stopped improving": how long that takes is nowhere said. */
const onPlateau = { kind: 'plateau', watch: 'accuracy', factor: 0.1, patience: 5 } as const

/**
 * By network; see {@link PaperRecipe}. Where lectures tell it otherwise than the paper, the paper holds: GoogLeNet with RMSProp and 4 M
 * parameters, as some have it, mixes it up with its successors; the paper has momentum, and its network 7.0 M
 * parameters, 13.4 M with the auxiliary heads.
 */
export const paperRecipes: Readonly<Record<PaperName, PaperRecipe>> = {
  alexnet: {
    source: 'Krizhevsky, Sutskever, Hinton 2012, section 5',
    optimizer: { ...caffeRule, weightDecay: 5e-4 },
    learningRate: 0.01,
    schedule: { ...onPlateau, least: 1e-3 }, // "reduced three times",
    batchSize: 128,
    epochs: 90,
    dropout: 0.5,
    initialWeights: "N(0, 0.01), some biases 1: the flavor 'paper'",
  },
  vgg: {
    source: 'Simonyan and Zisserman 2014, section 3.1',
    optimizer: { ...caffeRule, weightDecay: 5e-4 },
    learningRate: 0.01,
    schedule: { ...onPlateau, least: 1e-3 }, // "reduced three times",
    batchSize: 256,
    epochs: 74,
    dropout: 0.5,
    initialWeights:
      "net A from N(0, variance 0.01), the deeper ones from net A; Caffe's files and the flavor 'caffe' have a deviation of 0.01. Glorot's serves as well, says the paper: 'keras'",
  },
  googlenet: {
    source:
      "Szegedy et al. 2014, section 6; rate, decay and batch of Caffe's bvlc_googlenet, which has the same -4 % every 8 epochs",
    optimizer: { ...caffeRule, velocity: 'gradients', weightDecay: 2e-4 },
    learningRate: 0.01,
    schedule: { kind: 'exponential', factor: 0.96, every: 8 },
    auxiliaryWeight: 0.3,
    average: polyak,
    batchSize: 32,
    dropout: 0.4,
    initialWeights: "not said; Caffe's Xavier: the flavor 'paper'",
  },
  inception_v3: {
    source: 'Szegedy et al. 2015, section 8; weight of the auxiliary head, momentum and decay of tensorflow/models',
    optimizer: inceptionRule,
    learningRate: 0.045,
    schedule: { kind: 'exponential', factor: 0.94, every: 2 },
    clipping: { kind: 'norm', at: 2 },
    labelSmoothing: 0.1,
    auxiliaryWeight: 0.4,
    average: polyak,
    batchSize: 32,
    epochs: 100,
    dropout: 0.2,
    initialWeights: "not said; the authors' code cuts a normal distribution of 0.1: the flavor 'torchvision'",
  },
  resnet: {
    source: 'He et al. 2015, section 3.4; decay of all weights as in facebook/fb.resnet.torch',
    optimizer: torchRule,
    learningRate: 0.1,
    schedule: onPlateau,
    batchSize: 256,
    epochs: 120,
    initialWeights: "He et al. 2015 (normal, fan in): the flavor 'paper'",
  },
  densenet: {
    source: 'Huang et al. 2016, section 4.2; decay of all weights as in liuzhuang13/DenseNet',
    optimizer: { ...torchRule, nesterov: true },
    learningRate: 0.1,
    schedule: { kind: 'step', factor: 0.1, at: [30, 60] },
    batchSize: 256,
    epochs: 90,
    initialWeights: "He et al. 2015 (normal): the flavor 'torchvision'",
  },
  mobilenet_v1: {
    source:
      'Howard et al. 2017, section 4: RMSProp "similar to Inception v3", little or no decay on depthwise filters, no side heads, no label smoothing; the rate is that which MobileNet v2 ascribes to it',
    optimizer: { ...inceptionRule, decayed: 'kernels-but-depthwise' },
    learningRate: 0.045,
    schedule: { kind: 'exponential', factor: 0.94, every: 2 },
    average: polyak,
    batchSize: 32,
    initialWeights: "not said; slim's, a normal distribution of 0.09, is in no flavor; Keras has Glorot's: 'keras'",
  },
  mobilenet_v2: {
    source: 'Sandler et al. 2018, section 6.1; epsilon and averages as in tensorflow/models',
    optimizer: inceptionRule,
    learningRate: 0.045,
    schedule: { kind: 'exponential', factor: 0.98 },
    average: polyak,
    batchSize: 96,
    initialWeights: "not said; slim's, a normal distribution of 0.09, is in no flavor; Keras has Glorot's: 'keras'",
  },
  nasnet: {
    source: 'Zoph et al. 2017, appendix A.4: rate and schedule "as in" Inception v3; weight decay of tensorflow/models',
    optimizer: { ...inceptionRule, weightDecay: 5e-5 },
    learningRate: 0.045,
    schedule: { kind: 'exponential', factor: 0.94, every: 2 },
    labelSmoothing: 0.1,
    auxiliaryWeight: 0.4,
    average: polyak,
    batchSize: 32,
    dropout: 0.5,
    initialWeights: "not said; Keras' and slim's code: the flavor 'keras'",
  },
}
