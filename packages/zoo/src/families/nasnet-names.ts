import type { Dialect, Found, Rule } from '../dialect.ts'
import { kerasLayout, torchLayout } from '../layout.ts'
import { placeInKeras } from './nasnet-order.ts'

/** A cell as the originals count it. */
interface Cell {
  readonly kind: 'normal' | 'reduction'
  /** In Keras: `stem_1`, `0`, `reduce_4`. */
  readonly keras: string
  /** In timm: `cell_stem_0`, `cell_0`, `reduction_cell_0`. */
  readonly timm: string
}

/** The cells by our paths; each of the stages has `cells` normal ones, the second and third a reduction cell before them. */
const places = (cells: number): readonly (readonly [path: string, cell: (found: Found) => Cell])[] => [
  ['stem.cell{c}', ({ c }) => ({ kind: 'reduction', keras: `stem_${c}`, timm: `cell_stem_${c! - 1}` })],
  ['stage1.block{b}', ({ b }) => ({ kind: 'normal', keras: `${b! - 1}`, timm: `cell_${b! - 1}` })],
  [
    'stage{s}.block1',
    ({ s }) => ({
      kind: 'reduction',
      keras: `reduce_${(s! - 1) * cells}`,
      timm: `reduction_cell_${s! - 2}`,
    }),
  ],
  [
    'stage{s}.block{b}',
    ({ s, b }) => {
      const before = (s! - 1) * cells + b!
      return { kind: 'normal', keras: `${before - 1}`, timm: `cell_${before - 2}` }
    },
  ],
]

type Name = (cell: Cell, found: Found) => string

/** Rules for a part of every cell. */
const inEachCell =
  (cells: number) =>
  ([part, name]: readonly [string, Name]): readonly Rule[] =>
    places(cells).map(([path, cell]): Rule => [`${path}.${part}`, (found) => name(cell(found), found)])

const sides = ['left', 'right'] as const

// Keras calls the fifth branch of the reduction cell its fourth.
const branchInKeras = ({ kind, keras }: Cell, side: string, i: number): string =>
  `${kind}_${side}${kind === 'reduction' && i === 5 ? 4 : i}_${keras}`

const kerasParts: readonly (readonly [string, Name])[] = [
  ['current', ({ kind, keras }) => `${kind}_conv_1_${keras}`],
  ['current.norm', ({ kind, keras }) => `${kind}_bn_1_${keras}`],
  ['previous', ({ keras }) => `adjust_conv_projection_${keras}`],
  ['previous.norm', ({ keras }) => `adjust_bn_${keras}`],
  ['previous.even', ({ keras }) => `adjust_conv_1_${keras}`],
  ['previous.odd', ({ keras }) => `adjust_conv_2_${keras}`],
  ['previous.concat.norm', ({ keras }) => `adjust_bn_${keras}`],
  ...sides.flatMap((side): readonly (readonly [string, Name])[] => [
    [
      `${side}{i}.conv{n}.depthwise/depthwise_kernel`,
      (cell, { i, n }) => `separable_conv_${n}_${branchInKeras(cell, side, i!)}/depthwise_kernel`,
    ],
    [
      `${side}{i}.conv{n}.pointwise/kernel`,
      (cell, { i, n }) => `separable_conv_${n}_${branchInKeras(cell, side, i!)}/pointwise_kernel`,
    ],
    [`${side}{i}.conv{n}.norm`, (cell, { i, n }) => `separable_conv_${n}_bn_${branchInKeras(cell, side, i!)}`],
  ]),
]

const timmParts: readonly (readonly [string, Name])[] = [
  ['current', ({ timm }) => `${timm}.conv_1x1.conv`],
  ['current.norm', ({ timm }) => `${timm}.conv_1x1.bn`],
  ['previous', ({ timm }) => `${timm}.conv_prev_1x1.conv`],
  ['previous.norm', ({ timm }) => `${timm}.conv_prev_1x1.bn`],
  ['previous.even', ({ timm }) => `${timm}.path_1.conv`],
  ['previous.odd', ({ timm }) => `${timm}.path_2.conv`],
  ['previous.concat.norm', ({ timm }) => `${timm}.final_path_bn`],
  ...sides.flatMap((side): readonly (readonly [string, Name])[] => {
    const branch = ({ timm }: Cell, { i }: Found): string => `${timm}.comb_iter_${i! - 1}_${side}`
    return [
      [`${side}{i}.conv{n}.depthwise`, (cell, found) => `${branch(cell, found)}.separable_${found.n}.depthwise_conv2d`],
      [`${side}{i}.conv{n}.pointwise`, (cell, found) => `${branch(cell, found)}.separable_${found.n}.pointwise_conv2d`],
      [`${side}{i}.conv{n}.norm`, (cell, found) => `${branch(cell, found)}.bn_sep_${found.n}`],
    ]
  }),
]

/** The names that published files of NASNet use, by the number of normal cells in a stage. */
export const nasnetDialects = (cells: number): readonly Dialect[] => [
  {
    name: 'keras',
    flavors: ['keras'],
    layout: kerasLayout,
    layers: [
      ['stem.conv', 'stem_conv1'],
      ['stem.conv.norm', 'stem_bn1'],
      ['head.logits', 'predictions'],
      ...kerasParts.flatMap(inEachCell(cells)),
    ],
    place: placeInKeras,
  },
  {
    name: 'timm',
    flavors: ['timm'],
    layout: torchLayout,
    layers: [
      ['stem.conv', 'conv0.conv'],
      ['stem.conv.norm', 'conv0.bn'],
      ['head.logits', 'last_linear'],
      ...timmParts.flatMap(inEachCell(cells)),
    ],
  },
]
