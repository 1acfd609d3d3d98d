import { parseArgs } from 'node:util'
import { recordZoo } from './collect/record.ts'
import { writeZooKernels } from './data.ts'
import { writePage } from './docs/write-page.ts'
import { networksByCost } from './networks/by-cost.ts'
import { places } from './places/places.ts'
import { runPlace } from './results/run-place.ts'

const usage = `conformance collect                                 what the zoo runs, into data/zoo-kernels.json
conformance run <place> [--kernels] [--networks]    a backend, into results/<place>.json: ${places.map(({ id }) => id).join(', ')}
    --reference cpu|wasm   what networks are compared with; wasm unless given
    --brief                networks at the least size that does, and of training the step alone: where all takes minutes
    --forward              networks without training; without it, a later run adds that
    --most <GMAC>          only networks of so many multiply-accumulates a forward pass
    --sample <calls>       so many calls of each kernel
    --only <name>          this kernel or network alone
    --again                also those that have results
conformance page                                    docs/backends.md of the results
`
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    kernels: { type: 'boolean' },
    networks: { type: 'boolean' },
    again: { type: 'boolean' },
    only: { type: 'string' },
    sample: { type: 'string' },
    reference: { type: 'string' },
    brief: { type: 'boolean' },
    forward: { type: 'boolean' },
    most: { type: 'string' },
  },
})
const [command, id] = positionals

if (command === 'collect') {
  const kernels = await recordZoo()
  writeZooKernels(kernels)
  const classes = Object.keys(kernels.classes).length
  say(`${kernels.kernels.length} kernels, ${kernels.distinct} distinct calls in ${classes} geometry classes`)
} else if (command === 'run' && places.some((place) => place.id === id)) {
  const place = places.find((place) => place.id === id)!
  const most = Number(values.most ?? Number.POSITIVE_INFINITY) * 1e9
  // Weights of the list are made on whatever runs, before the place starts its own.
  const { cpu } = await import('@cnnkit/backend/cpu')
  await cpu().start()
  const networks = values.networks
    ? (await networksByCost()).filter(
        ({ network, multiplyAccumulates }) => multiplyAccumulates <= most && (values.only ?? network) === network,
      )
    : []
  const { kernels = false, again = false, reference = 'wasm', brief = false, forward = false, only } = values
  const each = values.sample === undefined ? undefined : Number(values.sample)
  await runPlace(place, { kernels, only, most: each, networks, again, manner: { reference, brief, forward }, log: say })
  process.exit()
} else if (command === 'page') {
  writePage()
} else {
  process.stderr.write(usage)
  process.exitCode = 2
}
