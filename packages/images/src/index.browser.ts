export { type Augmentation, compose } from './augment/augmentation.ts'
export type { BatchMix, Mixture } from './augment/batch-mix.ts'
export { adjustBrightness, adjustContrast, adjustSaturation } from './augment/color.ts'
export { type ColorJitterOptions, colorJitter } from './augment/color-jitter.ts'
export { type CutoutOptions, cutout } from './augment/cutout.ts'
export { flip, mirror } from './augment/flip.ts'
export { adjustHue } from './augment/hue.ts'
export { pcaLighting } from './augment/lighting.ts'
export { type MixupOptions, mixup } from './augment/mixup.ts'
export { type Random, type RandomState, random, randomFromState } from './augment/random.ts'
export { type RandomResizedCropOptions, randomResizedCrop } from './augment/random-resized-crop.ts'
export { type BadFile, type BadFileOptions, type GoodFiles, withoutBadFiles } from './data/bad-files.ts'
export { type Batch, type Batches, type BatchOptions, batches } from './data/batches.ts'
export {
  type DatasetItem,
  type PictureDataset,
  type PictureDatasetOptions,
  pictureDataset,
  subset,
} from './data/dataset.ts'
export { type FoldOptions, kFold, type Split, type SplitOptions, split } from './data/split.ts'
export type { Drawable } from './drawable.ts'
export { encodeImage } from './encode/encode.browser.ts'
export type { EncodeOptions } from './encode/encode.ts'
export { type Box, crop, type Picture, toGrey, toRgb } from './picture.ts'
export { cropBox } from './preprocess/geometry.ts'
export { preprocess } from './preprocess/preprocess.ts'
export { caffe, type Normalization, type Preprocessing, raw, tf, torch } from './preprocess/preprocessing.ts'
export { readImage } from './read/read.browser.ts'
export type { ReadOptions, ReadSource } from './read/read.ts'
export type { Filter } from './resize/filters.ts'
export { type ResizeOptions, resize } from './resize/resize.ts'
export type { ImageDataLike, ImageSource } from './source.ts'
export { toPicture } from './to-picture.ts'
