import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { wasm } from '@cnnkit/backend-wasm'
import { createModel } from '@cnnkit/zoo'
import { cifar10 } from './cifar10.ts'
import { depthCost, finalLoss, type NetworkName, networks, type Records } from './degradation.ts'
import { page } from './page.ts'
import { type StepRecord, train } from './train.ts'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '300' },
    batch: { type: 'string', default: '32' },
    rate: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'out/degradation' },
  },
})
const schedule = {
  steps: Number(values.steps),
  batchSize: Number(values.batch),
  learningRate: Number(values.rate),
  seed: Number(values.seed),
}

await wasm().start()
const data = await cifar10()
const records: Partial<Record<NetworkName, readonly StepRecord[]>> = {}
for (const name of networks) {
  const model = await createModel(name, { weights: null, seed: schedule.seed })
  const started = performance.now()
  records[name] = await train(model, data, schedule, ({ step, loss }) => {
    if (step % 10 === 0 || step === schedule.steps)
      process.stderr.write(`  ${name} step ${step}, loss ${loss.toFixed(3)}\n`)
  })
  model.dispose()
  const seconds = (performance.now() - started) / 1000
  process.stdout.write(`${name}: loss ${finalLoss(records[name]).toFixed(3)} at the end, ${seconds.toFixed(0)} s\n`)
}
const { plain, residual } = depthCost(records as Records)
process.stdout.write(
  `depth adds ${plain.toFixed(3)} nats to the plain network, ${residual.toFixed(3)} to the residual one\n`,
)
await mkdir(values.out, { recursive: true })
await writeFile(join(values.out, 'steps.json'), JSON.stringify({ schedule, records }))
await writeFile(join(values.out, 'report.html'), await page(records as Records, schedule))
process.stdout.write(`${join(values.out, 'report.html')}\n`)
