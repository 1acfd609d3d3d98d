import { torch } from '@cnnkit/images'
import type { Preprocessing } from '@cnnkit/layers'
import type { WeightsRecord } from '../architecture.ts'
import { torch224 } from './preprocessing.ts'

/** What a record says that its publisher's others do not. */
type Differing = Partial<WeightsRecord>

/** Share of ImageNet's validation pictures that are told right, in percent. */
export type Accuracy = readonly [top1: number, top5: number]

/**
 * A file of Keras Applications: its path below https://storage.googleapis.com/tensorflow/keras-applications/ and the MD5 that Keras'
 * source has (MobileNets' have none). The file with the top serves for networks without one too. Accuracy as keras-applications' README had it.
 */
export function kerasRecord(
  path: string,
  md5: string | undefined,
  accuracy: Accuracy | undefined,
  other: Pick<WeightsRecord, 'preprocessing' | 'licence'> & Differing,
): WeightsRecord {
  const url = `https://storage.googleapis.com/tensorflow/keras-applications/${path}`
  return {
    tag: 'keras-in1k',
    flavor: 'keras',
    sources: [{ kind: 'url', url, checksum: md5 ? `md5:${md5}` : 'none' }],
    classes: 1000,
    labels: 'imagenet-1k',
    publisher: `Keras Applications (${path.split('/').at(-1)})`,
    ...measured(accuracy, 'keras-applications README'),
    ...other,
  }
}

/** A file of torchvision, by its name, which ends in the first digits of its SHA-256: `resnet50-0676ba61.pth`. */
export function torchvisionRecord(file: string, accuracy: Accuracy, other: Differing = {}): WeightsRecord {
  const digits = /-([0-9a-f]{8})\.pth$/.exec(file)![1]!
  return {
    tag: 'torchvision-in1k',
    flavor: 'torchvision',
    sources: [{ kind: 'url', url: `https://download.pytorch.org/models/${file}`, checksum: `sha256-prefix:${digits}` }],
    classes: 1000,
    labels: 'imagenet-1k',
    preprocessing: torch224,
    licence: 'BSD-3-Clause',
    publisher: `torchvision (${file})`,
    ...measured(accuracy, 'torchvision'),
    ...other,
  }
}

/** Side of the picture, share of the short side that is cropped, filter. */
export type TimmInput = readonly [size: number, cropFraction: number, filter: Preprocessing['filter']]

/** A model of timm's hub, by its name: `resnet50.a1_in1k`. Accuracy at the size and crop that it is recorded with. */
export function timmRecord(
  model: string,
  [size, cropFraction, filter]: TimmInput,
  accuracy: Accuracy | undefined,
  other: Differing = {},
): WeightsRecord {
  const url = `https://huggingface.co/timm/${model}/resolve/main/model.safetensors`
  return {
    tag: `timm.${model.split('.')[1]}`,
    flavor: 'torchvision',
    sources: [{ kind: 'url', url, checksum: 'none' }],
    classes: 1000,
    labels: 'imagenet-1k',
    preprocessing: { size: [size, size], resize: 'short-side', cropFraction, filter, ...torch },
    licence: 'Apache-2.0',
    publisher: `timm (${model})`,
    ...measured(accuracy, 'timm results-imagenet.csv'),
    ...other,
  }
}

/**
 * A file of ONNX's model zoo, by its path below `validated/vision/classification/` and the SHA-256 that Git LFS had of it. GitHub's
 * LFS was switched off in 2025; the files moved to https://huggingface.co/onnxmodelzoo with their paths.
 */
export function onnxRecord(
  path: string,
  sha256: string,
  accuracy: Accuracy | undefined,
  other: Pick<WeightsRecord, 'flavor' | 'preprocessing' | 'licence'> & Differing,
): WeightsRecord {
  const url = `https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main/validated/vision/classification/${path}`
  return {
    tag: 'onnx-in1k',
    sources: [{ kind: 'url', url, checksum: `sha256:${sha256}` }],
    classes: 1000,
    labels: 'imagenet-1k',
    publisher: `ONNX model zoo (${path.split('/').at(-1)})`,
    ...measured(accuracy, 'README of onnx/models'),
    ...other,
  }
}

function measured(accuracy: Accuracy | undefined, source: string): Pick<WeightsRecord, 'accuracy'> {
  return accuracy ? { accuracy: { top1: accuracy[0], top5: accuracy[1], source } } : {}
}
