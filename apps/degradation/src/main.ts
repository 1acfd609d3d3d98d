import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { wasm } from '@cnnkit/backend-wasm'
import { cacheLocation } from '@cnnkit/weights'
import { createModel } from '@cnnkit/zoo'
import { cifar10 } from '../../../packages/zoo/src/testing/cifar10.ts'
import { type NetworkName, networks, type Records, summary } from './degradation.ts'
import { keep, takeUp } from './kept-records.ts'
import { page } from './page.ts'
import { type StepRecord, train } from './train.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '300' },
    batch: { type: 'string', default: '32' },
    rate: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string' },
    out: { type: 'string', default: 'out/degradation' },
  },
})
const schedule = {
  steps: Number(values.steps),
  batchSize: Number(values.batch),
  learningRate: Number(values.rate),
  seed: Number(values.seed),
}

await wasm(values.threads === undefined ? {} : { threads: Number(values.threads) }).start()
const data = await cifar10('train', cacheLocation())
const records: Partial<Record<NetworkName, readonly StepRecord[]>> = {}
for (const name of networks) records[name] = (await takeUp(values.out, name, schedule)) ?? (await measure(name))

await mkdir(values.out, { recursive: true })
await writeFile(join(values.out, 'report.html'), await page(records as Records, schedule))
process.stdout.write(`${summary(records as Records)}\n\n${join(values.out, 'report.html')}\n`)

async function measure(name: NetworkName): Promise<readonly StepRecord[]> {
  const model = await createModel(name, { weights: null, seed: schedule.seed })
  const started = performance.now()
  const steps = await train(model, data, schedule, ({ step, loss }) => {
    if (step % 10 === 0 || step === schedule.steps) {
      process.stderr.write(`  ${name} step ${step}, loss ${loss.toFixed(3)}\n`)
    }
  })
  model.dispose()
  await keep(values.out, name, { schedule, records: steps })
  process.stderr.write(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`)
  return steps
}
