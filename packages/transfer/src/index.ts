export {
  type EmbedDatasetOptions,
  type Embeddings,
  embedDataset,
} from './embeddings/embeddings.ts'
export { binomialInterval } from './evaluation/binomial-interval.ts'
export { type EvaluateOptions, type Evaluation, evaluate, topLosses } from './evaluation/evaluate.ts'
export {
  type ClassMetrics,
  classMetrics,
  confusionMatrix,
  type EvaluatedPicture,
  topAccuracy,
} from './evaluation/metrics.ts'
export {
  type NearestNeighbors,
  type NearestNeighborsOptions,
  nearestNeighbors,
  nearestNeighborsHead,
} from './heads/nearest-neighbors.ts'
export { type SvmHeadOptions, type SvmHeadResult, svmHead } from './heads/svm-head.ts'
export { type HeadOptions, withHead } from './heads/with-head.ts'
export type { OptimizerSpec } from './optimizers/optimizer.ts'
export { applyPolicy, type GradualUnfreezing, type Policy, trainedStages } from './policy/policy.ts'
export { rateFactors, type StageRates } from './policy/rates.ts'
export { type Recommendation, recommendPolicy, type TaskFacts } from './policy/recommend.ts'
export { fineTuneRecipe, headRecipe, type Recipe, scratchRecipe } from './recipes/recipe.ts'
export { type Schedule, scheduleFactor } from './schedules/schedule.ts'
export { decisionValues, type LinearSvm, type SvmOptions, trainSvm } from './svm/train-svm.ts'
export type { CheckpointStore } from './training/checkpoint.ts'
export { type FineTuneOptions, type FineTuneResult, fineTune } from './training/fine-tune.ts'
export { type FitOptions, type FitResult, fit } from './training/fit.ts'
export type { EpochSummary, TrainingProgress } from './training/progress.ts'
