import { torch } from '@cnnkit/images'
import type { Preprocessing } from '@cnnkit/layers'
import type { WeightsRecord } from '../architecture.ts'
import { cifar10, square32 } from './cifar.ts'

/** akamaster/pytorch_resnet_cifar10 takes the mean and deviation of ImageNet's channels. */
export const torch32: Preprocessing = { ...square32, ...torch }

/** A file of akamaster's, whose name ends in the first digits of its SHA-256, and its test error in percent as his README has it. */
const akamaster = (file: string, error: number): readonly WeightsRecord[] => [
  {
    tag: 'akamaster-cifar10',
    flavor: 'paper',
    sources: [
      {
        kind: 'url',
        url: `https://github.com/akamaster/pytorch_resnet_cifar10/raw/master/pretrained_models/${file}`,
        checksum: `sha256-prefix:${/-(\w+)\.th$/.exec(file)![1]!}`,
      },
    ],
    classes: 10,
    labels: cifar10,
    preprocessing: torch32,
    licence: 'BSD-2-Clause',
    publisher: `akamaster/pytorch_resnet_cifar10 (${file})`,
    accuracy: { top1: Number((100 - error).toFixed(2)), source: 'akamaster/pytorch_resnet_cifar10 README' },
  },
]

/** Weights of the residual networks for 32 x 32, by depth. */
export const resnetCifarRecords: Readonly<Record<20 | 32 | 44 | 56 | 110, readonly WeightsRecord[]>> = {
  20: akamaster('resnet20-12fca82f.th', 8.27),
  32: akamaster('resnet32-d509ac18.th', 7.37),
  44: akamaster('resnet44-014dd654.th', 6.9),
  56: akamaster('resnet56-4bfd9763.th', 6.61),
  110: akamaster('resnet110-1d1ed7c2.th', 6.32),
}
