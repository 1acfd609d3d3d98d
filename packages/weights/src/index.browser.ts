export { openWeights, readTfjsArtifacts, writeTfjs } from './api.browser.ts'
export { cacheLocation } from './cache.browser.ts'
export type { WeightsInputs } from './open.ts'
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
