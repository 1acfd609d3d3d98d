import { join } from 'node:path'
import { type Augmentation, compose, flip, randomResizedCrop } from '@cnnkit/images'
import { fineTuneRecipe, headRecipe, type Policy, type Recipe, scratchRecipe } from '@cnnkit/transfer'

/** One way to teach the network, as the report names it. */
export interface Way {
  /** Also the name of its folder. */
  readonly name: string
  readonly description: string
  readonly policy: Policy
  readonly recipe: Recipe
  /** Whether it starts from the published weights. */
  readonly pretrained: boolean
  readonly augmented: boolean
}

/** The same network on the same pictures for as many epochs, three times. */
export const ways: readonly Way[] = [
  {
    name: 'frozen body',
    description: 'Pretrained on ImageNet; only a fresh classifier is trained, on features that are computed once.',
    policy: 'head',
    recipe: headRecipe,
    pretrained: true,
    augmented: false,
  },
  {
    name: 'last stages',
    description:
      'Pretrained on ImageNet; the last two stages are trained along, on pictures flipped and cropped at random.',
    policy: { from: { lastStages: 2 } },
    recipe: fineTuneRecipe,
    pretrained: true,
    augmented: true,
  },
  {
    name: 'from scratch',
    description:
      'The same network from random weights, batch-norm momentum 0.9, on the same pictures for as many epochs: what pretraining is worth.',
    policy: 'all',
    recipe: scratchRecipe,
    pretrained: false,
    augmented: false,
  },
]

/** Random crops of at least half the picture, and mirror images. */
export function augmentation(size: readonly [height: number, width: number]): Augmentation {
  return compose([randomResizedCrop({ size, scale: [0.5, 1] }), flip()])
}

/** Where a way keeps its model, its figures and, while it runs, its checkpoint. */
export function folderOf(out: string, way: Way): string {
  return join(out, way.name.replaceAll(' ', '-'))
}
