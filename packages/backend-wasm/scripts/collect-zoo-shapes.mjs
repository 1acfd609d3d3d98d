// Builds every network of @cnnkit/zoo (its build must be there) and writes the convolutions that they run, each once, with
// spatial sizes of at most 17 in their place: what kernels are right depends on them no further.
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const zoo = fileURLToPath(new URL('../../zoo/', import.meta.url))
const require = createRequire(`${zoo}package.json`)
const core = require('@tensorflow/tfjs-core')
await import(pathToFileURL(require.resolve('@tensorflow/tfjs-backend-cpu')).href)
await core.setBackend('cpu')
// The weights don't matter, and drawing them takes most of the time.
core.truncatedNormal = core.randomNormal = core.randomUniform = (shape) => core.zeros(shape)
const { createModel, listModels } = await import(pathToFileURL(`${zoo}dist/index.js`).href)

const largest = 17
const pair = (value) => (Array.isArray(value) ? value : [value, value])
const small = (size) => (size <= largest ? size : largest - (size % 2 === 0 ? 1 : 0))

/** What a layer convolves, as a line: kind, input, filter, strides, padding, dilation. */
function lineOf(layer) {
  const kind = { Conv2D: 'conv', DepthwiseConv2D: 'depthwise', Dense: 'dense' }[layer.getClassName()]
  if (kind === undefined) return []
  const input = layer.input.shape.slice(1)
  if (kind === 'dense') return [`dense ${input.at(-1)} ${layer.units}`]
  const filter = layer.weights[0].shape
  const size = [small(input[0]), small(input[1]), input[2]]
  return [
    [
      kind,
      size.join('x'),
      filter.join('x'),
      pair(layer.strides).join('x'),
      layer.padding,
      pair(layer.dilationRate).join('x'),
    ].join(' '),
  ]
}

const lines = new Set()
for (const name of listModels()) {
  const model = await createModel(name, { weights: null })
  for (const layer of model.layers.flatMap((layer) => layer.layers ?? [layer]))
    for (const line of lineOf(layer)) lines.add(line)
  process.stdout.write(`${name} ${lines.size}\n`)
  model.dispose()
}
await writeFile(
  new URL('../src/testing/zoo-shapes.ts', import.meta.url),
  `// Written by scripts/collect-zoo-shapes.mjs; do not edit.

/** Convolutions of the zoo's networks: kind, input, filter, strides, padding, dilation; dense layers: inputs, units. */
export const zooShapes: readonly string[] = [
${[...lines]
  .sort()
  .map((line) => `  '${line}',`)
  .join('\n')}
]
`,
)
