import type { Split } from '@cnnkit/images'
import type { EpochSummary, TrainingProgress } from '@cnnkit/transfer'
import type { ModelOptions } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** What every lab is given. */
export interface LabOptions {
  /** A tag, a path or a URL of a weights file; `null` for random ones, which shows the way and teaches nothing. */
  readonly weights: NonNullable<ModelOptions['weights']> | null
  /** Passes over the pictures in each part of the lab. */
  readonly epochs: number
  /** Pixels of a side; 224 unless given. */
  readonly size?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: TrainingProgress) => void
}

/** One part of a lab. */
export interface Part {
  readonly name: string
  readonly history: readonly EpochSummary[]
}

/** What a lab comes to. The caller disposes the model. */
export interface LabResult {
  readonly model: LayersModel
  readonly parts: readonly Part[]
}

/** A lab: from pictures to a model that knows their classes. */
export type Lab = (pictures: Split, options: LabOptions) => Promise<LabResult>
