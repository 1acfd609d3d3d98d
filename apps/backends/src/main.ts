import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cpu } from '@cnnkit/backend/cpu'
import { nodeGpu } from '@cnnkit/backend-node-gpu'
import { wasm } from '@cnnkit/backend-wasm'
import { webgpu } from '@cnnkit/backend-webgpu'
import { encodeImage } from '@cnnkit/images'
import { table } from 'cnnkit'
import { flowersOf } from './flowers.ts'
import { runOn } from './program.ts'
import { columns, didRun, rowOf } from './rows.ts'

const usage = `Classify, fine-tune and explain, on every backend that this machine has.

  node apps/backends/dist/main.js
  node apps/backends/dist/main.js --backend webgpu --software

  --backend <name>   only this one: webgpu, tensorflow, wasm, cpu
  --software         also on a GPU that is made of software, which is slow
  --data <folder>    holds the folders daisy and roses (data/flowers-200)
  --out <folder>     gets what the network looked at (out/backends)
`

const { values } = parseArgs({
  options: {
    backend: { type: 'string' },
    software: { type: 'boolean', default: false },
    data: { type: 'string', default: 'data/flowers-200' },
    out: { type: 'string', default: 'out/backends' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  process.stdout.write(usage)
  process.exit()
}

const drivers = [webgpu({ software: values.software ? 'allow' : 'refuse' }), nodeGpu(), wasm(), cpu()]
const chosen = drivers.filter(({ name }) => values.backend === undefined || values.backend === name)
if (chosen.length === 0) {
  process.stderr.write(`--backend has "${values.backend}".\n\n${usage}`)
  process.exit(2)
}

const photographs = async (kind: string): Promise<string[]> =>
  (await readdir(join(values.data, kind))).sort().map((file) => join(values.data, kind, file))
const flowers = flowersOf({ daisy: await photographs('daisy'), roses: await photographs('roses') })

await mkdir(values.out, { recursive: true })
const rows: (readonly string[])[] = []
for (const driver of chosen) {
  process.stderr.write(`${driver.name} ...\n`)
  const outcome = await runOn(driver, await flowers.picture(0), flowers)
  if (!didRun(outcome)) {
    process.stdout.write(`not ${outcome.name}: ${outcome.reason}\n`)
    continue
  }
  rows.push(rowOf(outcome))
  await writeFile(join(values.out, `${outcome.name}.png`), await encodeImage(outcome.map, 'png'))
}
if (rows.length > 0) process.stdout.write(`\n${table([columns, ...rows])}\n\nMaps: ${values.out}\n`)
else process.exitCode = 1
