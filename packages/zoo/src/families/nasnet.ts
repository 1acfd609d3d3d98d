// Zoph, Vasudevan, Shlens, Le 2017, "Learning transferable architectures for scalable image recognition", figures 2 and 4;
// arXiv:1707.07012. The Keras flavor equals keras.applications.nasnet, the timm flavor timm's nasnetalarge.
import { CnnkitError } from '@cnnkit/errors'
import { activate, convNorm, type KernelInitializer, normalCell, reductionCell, type Scope } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, PublishedForm } from '../architecture.ts'
import { makeModel } from '../make-model.ts'
import type { ModelOptions } from '../model-options.ts'
import { nasnetRecords } from '../records/nasnet.ts'
import { tf224 } from '../records/preprocessing.ts'
import { nasnetDialects } from './nasnet-names.ts'

/** NASNet-A (4 @ 1056) and (6 @ 4032). */
export type NasnetName = 'nasnet_mobile' | 'nasnet_large'

interface Variant {
  /** Filters of the first convolution. */
  readonly stem: number
  /** N: normal cells in each stage. */
  readonly cells: number
  /** Channels of the last grid. */
  readonly channels: number
  /** What the first normal cell behind a reduction takes as the cell before the last: what the reduction cell itself took (`skip`), or the one before. */
  readonly skip: boolean
  /** Height and width of the pictures. */
  readonly size: number
}

const variants: Readonly<Record<NasnetName, Variant>> = {
  nasnet_mobile: { stem: 32, cells: 4, channels: 1056, skip: false, size: 224 },
  nasnet_large: { stem: 96, cells: 6, channels: 4032, skip: true, size: 331 },
}

const keras: PublishedForm = {
  name: 'keras',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.9997,
  stridedPadding: 'same',
  bottleneckStride: '3x3',
  kernelInitializer: 'glorotUniform',
}

const timm: PublishedForm = {
  ...keras,
  name: 'timm',
  normMomentum: 0.9,
  normVariance: 'sample',
  kernelInitializer: 'torchUniform',
}

/** What the flavors differ in beyond what blocks read. */
const forms: Readonly<
  Record<string, { maximumOver: 'zeros' | 'nothing'; kernelInitializer: KernelInitializer | undefined }>
> = {
  keras: { maximumOver: 'zeros', kernelInitializer: 'heNormal' },
  timm: { maximumOver: 'nothing', kernelInitializer: undefined },
}

const body =
  ({ stem, cells, channels, skip }: Variant) =>
  (input: SymbolicTensor, scope: Scope): SymbolicTensor => {
    requireSize(input)
    const { maximumOver, kernelInitializer } = forms[scope.flavor.name]!
    const drawn = kernelInitializer ? { kernelInitializer } : {}
    const filters = channels / 24
    const at = scope.at('stem')
    let before = convNorm(input, at.at('conv'), {
      filters: stem,
      kernelSize: 3,
      strides: 2,
      padding: 'valid',
      ...drawn,
    }) // 111 x 111 x 32 from 224 x 224
    let x = reductionCell(before, undefined, at.at('cell1'), { filters: filters / 4, maximumOver, ...drawn }) // 56 x 56 x 44
    ;[before, x] = [x, reductionCell(x, before, at.at('cell2'), { filters: filters / 2, maximumOver, ...drawn })] // 28 x 28 x 88
    for (const [i, wider] of [1, 2, 4].entries()) {
      const stage = scope.at(`stage${i + 1}`)
      const options = { filters: wider * filters, ...drawn }
      let block = 1
      if (i > 0) {
        const reduced = reductionCell(x, before, stage.at(`block${block++}`), { ...options, maximumOver })
        ;[before, x] = [skip ? before : x, reduced]
      }
      for (const last = block + cells; block < last; block++) {
        ;[before, x] = [x, normalCell(x, before, stage.at(`block${block}`), options)]
      } // 28 x 28 x 264, 14 x 14 x 528, 7 x 7 x 1056
    }
    return activate(x, scope.at('stage3'), 'relu')
  }

function requireSize({ shape }: SymbolicTensor): void {
  if (shape[1] !== null && shape[2] !== null) return
  throw new CnnkitError(
    'zoo',
    'BAD_INPUT_SHAPE',
    `Input [${shape.slice(1).join(', ')}] has no size; NASNet's cells join grids by their sizes. Give height and width as numbers.`,
  )
}

const architecture = (name: NasnetName): Architecture => {
  const size = [variants[name].size, variants[name].size] as const
  return {
    name,
    body: body(variants[name]),
    // timm has the large one alone.
    flavors: name === 'nasnet_large' ? [keras, timm] : [keras],
    minimumSize: 32,
    preprocessing: { ...tf224, size },
    dialects: nasnetDialects(variants[name].cells),
    records: nasnetRecords[name],
    paper: 'https://arxiv.org/abs/1707.07012',
  }
}

/** The NASNets, by name. */
export const nasnets: Readonly<Record<NasnetName, Architecture>> = {
  nasnet_mobile: architecture('nasnet_mobile'),
  nasnet_large: architecture('nasnet_large'),
}

/** NASNet-A mobile, 4 @ 1056 (Zoph et al. 2017): 5.3 M parameters, 224 x 224. Options, result and errors as `createModel`. */
export function nasnetMobile(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(nasnets.nasnet_mobile, options)
}

/** NASNet-A large, 6 @ 4032 (Zoph et al. 2017): 88.9 M parameters, 331 x 331. Options, result and errors as `createModel`. */
export function nasnetLarge(options?: ModelOptions): Promise<LayersModel> {
  return makeModel(nasnets.nasnet_large, options)
}
