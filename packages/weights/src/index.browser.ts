export { fetchWeights, openWeights, readTfjsArtifacts, writeTfjs } from './api.browser.ts'
export { cacheLocation } from './cache.browser.ts'
export { cachedWeights, removeWeights } from './cache-contents.browser.ts'
export type { CachedWeights } from './cached-weights.ts'
export type { FetchedWeights, WeightsInputs } from './open.ts'
export type { OpenWeightsOptions, WeightsNotice, WeightsProgress } from './options.ts'
export type {
  Checksum,
  FilesSource,
  ManifestEntry,
  ManifestGroup,
  NpmSource,
  PackageSource,
  PathSource,
  UrlSource,
  WeightsInput,
  WeightsPackage,
  WeightsSource,
} from './source.ts'
export type { NamedTensor, TensorDtype, WeightFile, WeightFormat } from './weight-file.ts'
