import type { TrainingCurve, TrainingEpoch } from '../report.ts'
import { decimal, percent, rate } from '../text.ts'

/** What a curve shows over the epochs. */
export type CurveMetric = 'loss' | 'accuracy' | 'learningRate'

type Value = (epoch: TrainingEpoch) => number | undefined

/** How a metric is called, read and shown. */
export interface Metric {
  label: string
  title: string
  /** The line that counts: of the held-out pictures, where there are any. */
  solid: { kind: string; value: Value }
  /** The line of the training pictures. */
  dashed?: { kind: string; value: Value }
  show: (value: number) => string
}

/** The metrics by name. */
export const metrics: Record<CurveMetric, Metric> = {
  loss: {
    label: 'loss (nats)',
    title: 'Loss',
    solid: { kind: 'held out', value: (epoch) => epoch.validationLoss },
    dashed: { kind: 'training', value: (epoch) => epoch.loss },
    show: decimal,
  },
  accuracy: {
    label: 'accuracy (%)',
    title: 'Accuracy',
    solid: { kind: 'held out', value: (epoch) => epoch.validationAccuracy },
    dashed: { kind: 'training', value: (epoch) => epoch.accuracy },
    show: percent,
  },
  learningRate: {
    label: 'learning rate',
    title: 'Learning rate',
    solid: { kind: 'learning rate', value: (epoch) => epoch.learningRate },
    show: rate,
  },
}

/** A value in an epoch; `NaN` where there is none. */
export interface Point {
  epoch: number
  value: number
}

/** One line of a run, gaps included. */
export const points = (epochs: readonly TrainingEpoch[], line: Metric['dashed']): Point[] =>
  epochs.map((epoch) => ({ epoch: epoch.epoch, value: line?.value(epoch) ?? Number.NaN }))

/** Where the line can be drawn. */
export const drawn = (line: readonly Point[]): Point[] => line.filter((point) => Number.isFinite(point.value))

/** Everything that a chart of this metric shows. */
export const allPoints = (curves: readonly TrainingCurve[], { solid, dashed }: Metric): Point[] =>
  curves.flatMap(({ epochs }) => [...points(epochs, solid), ...points(epochs, dashed)])

/** Whether any curve has a finite value of the metric: a chart without one is an empty frame. */
export const hasMetric = (curves: readonly TrainingCurve[], metric: CurveMetric): boolean =>
  drawn(allPoints(curves, metrics[metric])).length > 0
