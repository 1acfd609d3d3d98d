// Writes src/around-network.ts from what the suite in conformance/ has collected: `node packages/backend/scripts/write-around-network.mjs`.
import { readFile, writeFile } from 'node:fs/promises'

const { around } = JSON.parse(
  await readFile(new URL('../../../conformance/data/zoo-kernels.json', import.meta.url), 'utf8'),
)
const list = (names) => `[\n${names.map((name) => `  '${name}',`).join('\n')}\n]`
await writeFile(
  new URL('../src/around-network.ts', import.meta.url),
  `// Written by scripts/write-around-network.mjs; do not edit.

/** Kernels that a training step runs around the network: the recipes of @cnnkit/transfer, the optimizers and losses of TensorFlow.js. */
export const aroundTraining: readonly string[] = ${list(around.train)}

/** Kernels that the methods of @cnnkit/cam run around the network. */
export const aroundMap: readonly string[] = ${list(around.map)}
`,
)
