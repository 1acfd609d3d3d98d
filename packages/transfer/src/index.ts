export {
  type EmbedDatasetOptions,
  type Embeddings,
  embedDataset,
} from './embeddings/embeddings.ts'
export type { Averages } from './evaluation/averages.ts'
export { binomialInterval } from './evaluation/binomial-interval.ts'
export type { CalibrationBin } from './evaluation/calibration.ts'
export { type EvaluateOptions, type Evaluation, evaluate, topLosses } from './evaluation/evaluate.ts'
export {
  type ClassMetrics,
  classMetrics,
  confusionMatrix,
  type EvaluatedPicture,
  topAccuracy,
} from './evaluation/metrics.ts'
export { type ConfusedPair, type Confusions, mostConfused } from './evaluation/most-confused.ts'
export {
  type NearestNeighbors,
  type NearestNeighborsOptions,
  nearestNeighbors,
  nearestNeighborsHead,
} from './heads/nearest-neighbors.ts'
export { type SvmHeadOptions, type SvmHeadResult, svmHead } from './heads/svm-head.ts'
export { type CommonHeadOptions, type HeadOptions, withHead } from './heads/with-head.ts'
export { evaluateTargets, type TargetEvaluation } from './objective/evaluate-targets.ts'
export type { TagFigures, ValueFigures } from './objective/figures.ts'
export type { ValueLoss } from './objective/objective.ts'
export type { Average } from './optimizers/average.ts'
export type { Clipping } from './optimizers/clipping.ts'
export type { AdamWSpec, OptimizerSpec, RmsPropSpec, SgdSpec, WeightDecaySpec } from './optimizers/optimizer.ts'
export { applyPolicy, type GradualUnfreezing, type Policy, trainedStages } from './policy/policy.ts'
export { rateFactors, type StageRates } from './policy/rates.ts'
export { type Recommendation, recommendPolicy, type TaskFacts } from './policy/recommend.ts'
export { type PaperName, type PaperRecipe, paperRecipes } from './recipes/papers.ts'
export { fineTuneRecipe, headRecipe, oneCycleRecipe, type Recipe, scratchRecipe } from './recipes/recipe.ts'
export type { PlateauSpec } from './schedules/plateau.ts'
export { type Schedule, type ScheduleOptions, scheduleFactor, type WarmUp } from './schedules/schedule.ts'
export { decisionValues, type LinearSvm, type SvmOptions, trainSvm } from './svm/train-svm.ts'
export type { CheckpointStore } from './training/checkpoint.ts'
export type { ClassWeights } from './training/class-weights.ts'
export type { Embedder } from './training/embedder.ts'
export type { FeatureFile, FeatureRows, FeatureStore } from './training/feature-store.ts'
export { type FineTuneOptions, type FineTuneResult, fineTune, type HeadChoice } from './training/fine-tune.ts'
export { type FitOptions, type FitResult, fit } from './training/fit.ts'
export { type LrFindOptions, type LrFindResult, lrFind } from './training/lr-find.ts'
export type { EpochSummary, TrainingProgress } from './training/progress.ts'
export type { RatePoint, RateSuggestion } from './training/rate-suggestion.ts'
export { withoutAuxiliary } from './training/without-auxiliary.ts'
