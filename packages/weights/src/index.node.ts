export { fetchWeights, openWeights, readTfjsArtifacts } from './api.node.ts'
export { cacheLocation } from './cache.node.ts'
export { cachedWeights, removeWeights } from './cache-contents.node.ts'
export type { CachedWeights } from './cached-weights.ts'
export { type KerasH5Options, kerasH5Bytes } from './formats/keras-h5-write.ts'
export type { KerasFileLayer } from './formats/keras-tensors.ts'
export type { OnnxUse } from './formats/onnx.ts'
export type { OnnxNode } from './formats/onnx-graph.ts'
export { type SafetensorsOptions, safetensorsBytes } from './formats/safetensors-write.ts'
export type { TensorToWrite, TensorValues } from './formats/tensor-to-write.ts'
export { writeTfjs } from './formats/tfjs-write.node.ts'
export { torchBytes } from './formats/torch-write.ts'
export { writeKerasH5, writeSafetensors, writeTorch } from './formats/write-file.node.ts'
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
