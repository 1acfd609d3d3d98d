/** A convolution of some branches, the norms behind it, as they lie one after the other in a file. */
const step = (conv: 'conv1' | 'conv2', ...branches: readonly string[]): readonly string[] => [
  ...branches.map((branch) => `${branch}.${conv}`),
  ...branches.map((branch) => `${branch}.${conv}.norm`),
]

const branchesOfNormal = ['left1', 'right1', 'left2', 'right2', 'left5'] as const

/** The parts of a cell as Keras sorts its layers: by their distance from the end. */
const normal = [
  'previous.even',
  'previous.odd',
  'previous',
  'current',
  'previous.norm',
  'previous.concat.norm',
  'current.norm',
  ...step('conv1', ...branchesOfNormal),
  ...step('conv2', ...branchesOfNormal),
]

const reduction = [
  'previous.even',
  'previous.odd',
  'current',
  'previous',
  'current.norm',
  'previous.norm',
  'previous.concat.norm',
  ...step('conv1', 'left1', 'right1'),
  ...step('conv2', 'left1', 'right1'),
  ...step('conv1', 'right2'),
  ...step('conv1', 'right3', 'left5'),
  ...step('conv2', 'right2'),
  ...step('conv2', 'right3', 'left5'),
]

/**
 * Where a layer stands in Keras' files of NASNet, of which the old ones are read by order. Keras has a separable convolution as
 * one layer, which is two here, so that its order is another than that of our layers.
 */
export function placeInKeras(path: string): number {
  const found = /^(stem\.cell|stage(\d)\.block)(\d+)\.(.*?)(\.depthwise|\.pointwise)?$/.exec(path)
  if (!found) return path.startsWith('stem') ? 0 : 10_000
  const [, , stage = '0', cell, part] = found
  const isNormal = stage === '1' || (stage !== '0' && cell !== '1')
  return 1000 * Number(stage) + 50 * Number(cell) + (isNormal ? normal : reduction).indexOf(part!)
}
