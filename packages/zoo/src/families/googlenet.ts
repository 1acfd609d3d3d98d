// Szegedy et al. 2014, "Going deeper with convolutions", table 1 (arXiv:1409.4842). The paper's flavor equals Caffe's
// bvlc_googlenet, torchvision's and slim's the form with batch norm that tf-slim trained, whose "5x5" branches are 3x3
// (pytorch/vision issue 906).
import {
  auxiliaryHead,
  type Branches,
  inception,
  localResponseNorm,
  type ModuleFilters,
  pool,
  reducedBranches,
  type Scope,
} from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, HeadOptions } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { googlenetRecords } from '../records/googlenet.ts'
import { tf224 } from '../records/preprocessing.ts'
import { bias, type Form, flavors, formOf } from './googlenet-forms.ts'
import { googlenetDialects } from './googlenet-names.ts'

const row = (...n: readonly [number, number, number, number, number, number]): ModuleFilters => ({
  '1x1': n[0],
  '3x3': [n[1], n[2]],
  '5x5': [n[3], n[4]],
  pool: n[5],
})

/** #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj (table 1), a list a stage: inception (3a) to (3b), (4a) to (4e), (5a) to (5b). */
const modules: readonly (readonly ModuleFilters[])[] = [
  [row(64, 96, 128, 16, 32, 32), row(128, 128, 192, 32, 96, 64)],
  [
    row(192, 96, 208, 16, 48, 64),
    row(160, 112, 224, 24, 64, 64),
    row(128, 128, 256, 24, 64, 64),
    row(112, 144, 288, 32, 64, 64),
    row(256, 160, 320, 32, 128, 128),
  ],
  [row(256, 160, 320, 32, 128, 128), row(384, 192, 384, 48, 128, 128)],
]

function body(input: SymbolicTensor, scope: Scope): SymbolicTensor {
  const form = formOf(scope)
  let x = stem(input, scope.at('stem'), form) // 56 x 56 x 192 from 224 x 224
  modules.forEach((blocks, s) => {
    const stage = scope.at(`stage${s + 1}`)
    const size = s === 2 ? form.lastPool : 3
    x = pool(x, stage.at('pool'), 'max', { size, strides: 2, padding: form.poolPadding })
    blocks.forEach((filters, b) => {
      x = inception(x, stage.at(`block${b + 1}`), { branches: branches(filters, form), unit: form.unit })
    }) // 28 x 28 x 480, 14 x 14 x 832, 7 x 7 x 1024
  })
  return x
}

function stem(input: SymbolicTensor, scope: Scope, { unit, asPublished, poolPadding }: Form): SymbolicTensor {
  const norm = (x: SymbolicTensor, name: string): SymbolicTensor =>
    asPublished ? (localResponseNorm({ name: scope.at(name).path }).apply(x) as SymbolicTensor) : x
  let x = unit(input, scope.at('conv1'), { filters: 64, kernelSize: 7, strides: 2 }) // 112 x 112 x 64
  x = norm(pool(x, scope.at('pool'), 'max', { strides: 2, padding: poolPadding }), 'norm1') // 56 x 56 x 64
  x = unit(x, scope.at('conv2'), { filters: 64, kernelSize: 1 })
  return norm(unit(x, scope.at('conv3'), { filters: 192, kernelSize: 3 }), 'norm2')
}

function branches(filters: ModuleFilters, { asPublished }: Form): Branches {
  const published = reducedBranches(filters)
  if (asPublished) return published
  return {
    ...published,
    branch5x5: published.branch5x5!.map((step, i) => (i === 1 ? { ...step, kernelSize: 3 } : step)),
  }
}

/** The heads of section 5, which weigh 0.3 each in the loss. torchvision pools to 4 x 4 whatever the input. */
function auxiliary(x: SymbolicTensor, scope: Scope, { classes }: Pick<HeadOptions, 'classes'>): SymbolicTensor {
  const { unit, asPublished } = formOf(scope)
  return auxiliaryHead(x, scope, {
    classes,
    pool: asPublished ? { size: 5, strides: 3 } : { grid: [4, 4] }, // 4 x 4 from 14 x 14
    convolutions: [{ filters: 128, kernelSize: 1 }],
    unit,
    units: 1024,
    dropout: 0.7,
    ...(asPublished && { biasInitializer: bias }),
  })
}

/** GoogLeNet's architecture. */
export const googlenetArchitecture: Architecture = {
  name: 'googlenet',
  body,
  auxiliary: [
    { path: 'aux1', at: 'stage2.block1' },
    { path: 'aux2', at: 'stage2.block4' },
  ].flatMap((place) => [
    { ...place, flavors: ['torchvision'], logits: auxiliary },
    { ...place, flavors: ['paper'], minimumSize: 79, logits: auxiliary }, // a grid of 5 x 5 for the window of 5 x 5
  ]),
  flavors,
  minimumSize: 32,
  preprocessing: tf224,
  dialects: googlenetDialects,
  records: googlenetRecords,
  paper: 'https://arxiv.org/abs/1409.4842',
}

/**
 * GoogLeNet, Inception v1 (Szegedy et al. 2014): 6.6 M parameters, 1.5 G multiply-accumulates at 224 x 224, as torchvision
 * has it, with batch norm; `flavor: 'paper'` is the one with local response norm. Options, result and errors as `createModel`.
 */
export function googlenet(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(googlenetArchitecture, options)
}
