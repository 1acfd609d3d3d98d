export { fetchWeights, openWeights, readTfjsArtifacts } from './api.node.ts'
export { cacheLocation } from './cache.node.ts'
export { cachedWeights, removeWeights } from './cache-contents.node.ts'
export type { CachedWeights } from './cached-weights.ts'
export { writeTfjs } from './formats/tfjs-write.node.ts'
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
