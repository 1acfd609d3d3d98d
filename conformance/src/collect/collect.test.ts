import { wasm } from '@cnnkit/backend-wasm'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { geometryClass } from '../calls/geometry.ts'
import { callOf, lineOf } from '../calls/kernel-call.ts'
import { readZooKernels } from '../data.ts'
import { recordZoo } from './record.ts'
import { startShapesBackend } from './shapes-backend.ts'
import { type Collected, collectForm, type Form, zooForms } from './zoo.ts'

/** A residual, a fire and a depthwise network: in a second. The slow test collects all. */
const networks = ['resnet20_cifar', 'squeezenet1_1', 'mobilenet_v2_035'] as const
const patience = 300_000
const UPDATE = 'pnpm --filter conformance start collect'

describe('data/zoo-kernels.json', () => {
  it(
    'holds what networks call today',
    async () => {
      const kept = readZooKernels()
      const now = await recordZoo(await zooForms(networks))
      for (const network of networks) expect(now.networks[network], UPDATE).toEqual(kept.networks[network])
      expect(now.around, UPDATE).toEqual(kept.around)
      const classes = new Set(Object.keys(kept.classes).map((line) => geometryClass(callOf(line))))
      const missing = Object.keys(now.classes).filter((line) => !classes.has(geometryClass(callOf(line))))
      expect(missing, UPDATE).toEqual([])
    },
    patience,
  )

  it(
    'has all networks of the zoo',
    async () => {
      const all = (await zooForms()).map(({ network }) => network)
      expect(Object.keys(readZooKernels().networks)).toEqual([...new Set(all)])
    },
    patience,
  )
})

describe('a run without values', () => {
  beforeAll(async () => {
    await wasm({ threads: 1 }).start()
    await startShapesBackend()
  })

  it.each<Form & { size: number }>([
    { network: 'resnet20_cifar', flavor: 'paper', size: 8 },
    { network: 'squeezenet1_1', flavor: 'keras', size: 62 },
    { network: 'mobilenet_v1_025', flavor: 'keras', size: 64 },
  ])(
    'calls what $network calls with values, in the same order',
    async ({ size, ...form }) => {
      const lines: string[][] = []
      for (const backend of ['wasm', 'shapes']) {
        await setBackend(backend)
        lines.push((await collectForm(form, { size })).flatMap(linesOf))
      }
      expect(lines[0]!.length).toBeGreaterThan(100)
      expect(lines[1]).toEqual(lines[0])
    },
    patience,
  )

  it('tells which layer called, and whose gradient', async () => {
    await setBackend('shapes')
    const all = await collectForm({ network: 'resnet20_cifar', flavor: 'paper' })
    const train = all.find(({ work }) => work === 'train')!.calls
    const of = (kernel: string) => train.find((call) => call.kernel === kernel)
    expect(of('FusedConv2D')).toMatchObject({ layer: 'Conv2D' })
    expect(of('BatchNormTrainingGrad')).toMatchObject({ gradientOf: 'BatchNormTraining' })
    expect(of('SgdUpdate')).not.toHaveProperty('layer')
  })
})

const linesOf = ({ calls }: Collected): string[] => calls.map(lineOf)
