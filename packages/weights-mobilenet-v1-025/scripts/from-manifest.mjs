/**
 * Makes what this package ships from the original tfjs weights manifest:
 *
 *     node scripts/from-manifest.mjs <folder with model.json and group1-shard1of1 ... group55-shard1of1>
 *
 * - weights/weights.bin: the 55 shards one after the other, in the manifest's order, not a byte changed;
 * - weights/model.json: a manifest of the same tensors in the same order that names this one file (`tf.io.loadWeights` reads it);
 * - src/manifest.ts: the same manifest as TypeScript, and the size and SHA-256 of weights.bin.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const from = process.argv[2]
if (from === undefined)
  throw new Error('Name the folder of the original manifest: node scripts/from-manifest.mjs <folder>')
const here = join(import.meta.dirname, '..')

const { weightsManifest } = JSON.parse(await readFile(join(from, 'model.json'), 'utf8'))
const shards = await Promise.all(
  weightsManifest.flatMap((group) => group.paths).map((path) => readFile(join(from, path))),
)
const weights = weightsManifest.flatMap((group) => group.weights)
const bytes = Buffer.concat(shards)
const sha256 = createHash('sha256').update(bytes).digest('hex')

const described = 4 * weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
if (weights.some(({ dtype }) => dtype !== 'float32') || described !== bytes.length) {
  throw new Error(`The manifest describes ${described} bytes of float32, the shards have ${bytes.length}.`)
}

const manifest = [{ paths: ['weights.bin'], weights }]
await mkdir(join(here, 'weights'), { recursive: true })
await writeFile(join(here, 'weights/weights.bin'), bytes)
await writeFile(
  join(here, 'weights/model.json'),
  `${JSON.stringify({ modelTopology: null, weightsManifest: manifest })}\n`,
)
await writeFile(join(here, 'src/manifest.ts'), typescript())
console.log(`${weights.length} tensors, ${shards.length} shards, ${bytes.length} bytes, sha256 ${sha256}`)

function typescript() {
  const entries = weights.map(
    ({ name, shape }) => `      { name: '${name}', shape: [${shape.join(', ')}], dtype: 'float32' },`,
  )
  return `// Written by scripts/from-manifest.mjs.
import type { WeightsGroup } from './embedded-weights.ts'

/** Size of weights/weights.bin. */
export const byteLength = ${bytes.length}

/** SHA-256 of weights/weights.bin, in hexadecimal. */
export const sha256 = '${sha256}'

/** The ${weights.length} tensors of weights/weights.bin in the file's order, as a tfjs weights manifest. */
export const manifest: readonly WeightsGroup[] = [
  {
    paths: ['weights.bin'],
    weights: [
${entries.join('\n')}
    ],
  },
]
`
}
