import type { CalibrationBin } from './statistics/calibration.ts'
import type { ClassScore, ConfusionMatrix } from './statistics/confusion-matrix.ts'

/** A line of a list of facts: what it is and what it is worth, both as text that is shown as it stands. */
export interface Fact {
  /** `'Backend'` */
  readonly label: string
  /** `'wasm, SIMD, 2 threads'` */
  readonly value: string
}

/** An encoded picture, embedded in the page as it is: make it small first (a few hundred pixels). */
export interface ReportPicture {
  /** `'image/jpeg'`, `'image/png'`, `'image/webp'`, ... */
  readonly mime: string
  /** The encoded file, or the same as base64 text (what survives JSON). */
  readonly bytes: Uint8Array | string
}

/**
 * What one epoch of training left behind. Values that were not measured are left out; one that is not finite (`NaN`, or
 * the `null` that JSON makes of it) is a gap in the curve and is named below it.
 */
export interface TrainingEpoch {
  /** Counted as the trainer counts, usually from 1. A fraction is fine. */
  readonly epoch: number
  /** Mean cross-entropy over the training pictures, in nats. */
  readonly loss: number
  /** Share of the training pictures named rightly, 0 to 1. */
  readonly accuracy?: number
  /** Mean cross-entropy over the held-out pictures, in nats. */
  readonly validationLoss?: number
  /** Share of the held-out pictures named rightly, 0 to 1. */
  readonly validationAccuracy?: number
  /** Learning rate at the end of the epoch. */
  readonly learningRate?: number
  /** Duration of the epoch in seconds. */
  readonly seconds?: number
}

/** The course of one training run. */
export interface TrainingCurve {
  /** What the legend says: `'frozen body'`. */
  readonly name: string
  /** In the order of training. */
  readonly epochs: readonly TrainingEpoch[]
}

/** A picture that was named wrongly. */
export interface Mistake {
  /** What it is known by, usually its path in the folder. */
  readonly id: string
  /** The class it is. */
  readonly truth: string
  /** The class that the network took it for. */
  readonly predicted: string
  /** Probability of the predicted class, 0 to 1. */
  readonly probability: number
  /** Probability of the true class, 0 to 1. */
  readonly truthProbability: number
  /** Cross-entropy of the true class, in nats. */
  readonly loss: number
  /** What the network was shown. */
  readonly picture: ReportPicture
  /** The same picture overlaid with the class activation map of the prediction. */
  readonly map?: ReportPicture
}

/** A class and what the network gives it. */
export interface ClassProbability {
  /** The class. */
  readonly label: string
  /** 0 to 1. */
  readonly probability: number
}

/** A classified picture, to show what the network says. */
export interface Example {
  /** What it is known by, usually its path. */
  readonly id: string
  /** What the network was shown. */
  readonly picture: ReportPicture
  /** The same picture overlaid with the class activation map of the first prediction. */
  readonly map?: ReportPicture
  /** The class it is, where that is known. */
  readonly truth?: string
  /** The most probable classes, the first one first. */
  readonly top: readonly ClassProbability[]
}

/** One trained network and what it is worth on pictures that it has not seen. */
export interface Run {
  /** Short; names the run in every legend: `'last stages'`. */
  readonly name: string
  /** A sentence or two on what was done. */
  readonly description?: string
  /** Share of the held-out pictures named rightly, 0 to 1. */
  readonly accuracy: number
  /** The 95 % interval of `accuracy`, 0 to 1; `evaluate` of `@cnnkit/transfer` gives it. */
  readonly interval: readonly [low: number, high: number]
  /** How many pictures were held out. */
  readonly total: number
  /** Accuracy on the training pictures after training, 0 to 1. Left out: that of the last epoch, if it is there. */
  readonly trainingAccuracy?: number
  /** More lines for the run's card: top-5 accuracy, trained parameters, seconds. */
  readonly facts?: readonly Fact[]
  /** The course of training. */
  readonly epochs?: readonly TrainingEpoch[]
  /** What was taken for what, on the held-out pictures. */
  readonly confusion?: ConfusionMatrix
  /** Precision and recall per class. Left out: computed from `confusion`. */
  readonly perClass?: readonly ClassScore[]
  /** How far the probabilities can be believed. */
  readonly calibration?: readonly CalibrationBin[]
  /** The worst first: they are shown in this order. */
  readonly mistakes?: readonly Mistake[]
}

/** Everything a page shows: plain data, which survives JSON if the pictures are base64 text. */
export interface Report {
  /** The heading, and the title of the browser's tab. */
  readonly title: string
  /** A sentence or two below the title. */
  readonly description?: string
  /** Model, weights, licence, backend, device, date, data folder, seconds: in the order in which they are shown. */
  readonly facts?: readonly Fact[]
  /** What a reader must know first: pictures that could not be read, a run that was broken off. */
  readonly notes?: readonly string[]
  /** Drawn side by side, a colour each, in this order. May be empty where there are `examples` only. */
  readonly runs: readonly Run[]
  /** Classified pictures with their top five. */
  readonly examples?: readonly Example[]
  /** Where the pictures come from and under which licence; line breaks are kept. */
  readonly credits?: string
}
