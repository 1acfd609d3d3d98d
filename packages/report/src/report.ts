import type { CalibrationBin } from './statistics/calibration.ts'
import type { ClassScore, ConfusionMatrix } from './statistics/confusion-matrix.ts'

/** A line of a list of facts: what it is and what it is worth, both as text that is shown as it stands. */
export interface Fact {
  /** `'Backend'` */
  label: string
  /** `'wasm, SIMD, 2 threads'` */
  value: string
}

/** An encoded picture, embedded in the page as it is: make it small first (a few hundred pixels). */
export interface ReportPicture {
  /** `'image/jpeg'`, `'image/png'`, `'image/webp'`, ... */
  mime: string
  /** The encoded file, or the same as base64 text (what survives JSON). */
  bytes: Uint8Array | string
}

/**
 * What one epoch of training left behind. Values that were not measured are left out; one that is not finite (`NaN`, or
 * the `null` that JSON makes of it) is a gap in the curve and is named below it.
 */
export interface TrainingEpoch {
  /** Counted as the trainer counts, usually from 1. A fraction is fine. */
  epoch: number
  /** Mean loss over the training pictures. */
  loss: number
  /** Share of the training pictures named rightly, 0 to 1. */
  accuracy?: number
  /** Mean loss over the held-out pictures. */
  validationLoss?: number
  /** Share of the held-out pictures named rightly, 0 to 1. */
  validationAccuracy?: number
  /** Learning rate at the end of the epoch. */
  learningRate?: number
  /** Duration of the epoch in seconds. */
  seconds?: number
}

/** The course of one training run. */
export interface TrainingCurve {
  /** What the legend says: `'frozen body'`. */
  name: string
  /** In the order of training. */
  epochs: TrainingEpoch[]
}

/** A picture that was named wrongly. */
export interface Mistake {
  /** What it is known by, usually its path in the folder. */
  id: string
  /** The class it is. */
  truth: string
  /** The class that the network took it for. */
  predicted: string
  /** Probability of the predicted class, 0 to 1. */
  probability: number
  /** Probability of the true class, 0 to 1. */
  truthProbability: number
  /** Loss of this picture. */
  loss: number
  /** What the network was shown. */
  picture: ReportPicture
  /** The same picture overlaid with the class activation map of the prediction. */
  map?: ReportPicture
}

/** A classified picture, to show what the network says. */
export interface Example {
  /** What it is known by, usually its path. */
  id: string
  /** What the network was shown. */
  picture: ReportPicture
  /** The same picture overlaid with the class activation map of the first prediction. */
  map?: ReportPicture
  /** The class it is, where that is known. */
  truth?: string
  /** The most probable classes, the first one first; `probability` from 0 to 1. */
  top: { label: string; probability: number }[]
}

/** One trained network and what it is worth on pictures that it has not seen. */
export interface Run {
  /** Short; names the run in every legend: `'last stages'`. */
  name: string
  /** A sentence or two on what was done. */
  description?: string
  /** Share of the held-out pictures named rightly, 0 to 1. */
  accuracy: number
  /** The 95 % interval of `accuracy`, as {@link binomialInterval} gives it, 0 to 1. */
  interval: [low: number, high: number]
  /** How many pictures were held out. */
  total: number
  /** Accuracy on the training pictures after training, 0 to 1. Left out: that of the last epoch, if it is there. */
  trainingAccuracy?: number
  /** More lines for the run's card: top-5 accuracy, trained parameters, seconds. */
  facts?: Fact[]
  /** The course of training. */
  epochs?: TrainingEpoch[]
  /** What was taken for what, on the held-out pictures. */
  confusion?: ConfusionMatrix
  /** Precision and recall per class. Left out: computed from `confusion`. */
  perClass?: ClassScore[]
  /** How far the probabilities can be believed. */
  calibration?: CalibrationBin[]
  /** The worst first: they are shown in this order. */
  mistakes?: Mistake[]
}

/** Everything a page shows: plain data, which survives JSON if the pictures are base64 text. */
export interface Report {
  title: string
  /** A sentence or two below the title. */
  description?: string
  /** Model, weights, licence, backend, device, date, data folder, seconds: in the order in which they are shown. */
  facts?: Fact[]
  /** What a reader must know first: pictures that could not be read, a run that was broken off. */
  notes?: string[]
  /** Drawn side by side, a colour each, in this order. May be empty where there are `examples` only. */
  runs: Run[]
  /** Classified pictures with their top five. */
  examples?: Example[]
  /** Where the pictures come from and under which licence; line breaks are kept. */
  credits?: string
}
