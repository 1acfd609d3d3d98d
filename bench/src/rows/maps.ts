import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { MethodName } from '../contenders/map.ts'
import type { Contender, Row, Setting } from '../row.ts'

interface Network {
  readonly name: string
  readonly title: string
  readonly open: () => Promise<LayersModel>
  readonly prepare?: () => Promise<void>
}

const ONCE: readonly MethodName[] = [
  'grad-cam',
  'cam',
  'grad-cam++',
  'hires-cam',
  'x-grad-cam',
  'layer-cam',
  'eigen-cam',
  'guided-backprop',
  'random',
]

const OFTEN: readonly (readonly [method: MethodName, runs: string])[] = [
  ['smooth-grad-cam++', '8 noisy versions'],
  ['ablation-cam', '64 channels'],
  ['score-cam', '64 channels'],
]

const mapOf = async (model: LayersModel, method: MethodName, threads: number) =>
  (await import('../contenders/map.ts')).map(model, method, threads)

/** Maps by all methods, against one forward pass of the same network. */
function mapsRow({ name, title, open, prepare }: Network): Row {
  const ours = (method: MethodName, what: string): Contender => ({
    name: method,
    what,
    open: async (setting: Setting) => {
      const threads = await (await import('../backends/cnnkit-wasm.ts')).cnnkitWasm(setting)
      return mapOf(await open(), method, threads)
    },
  })
  return {
    name,
    title: `${title}, a map of one picture, 224 x 224, last stage`,
    timed:
      'A map of a picture that is a tensor already, for a given class, until its values can be read; the first line is one `model.predict`, so that each ratio says how many forward passes a map costs.',
    threads: [1, 2],
    process: 'kept',
    sameOutput: 'each method makes another map',
    ...(prepare && { prepare }),
    contenders: [
      {
        name: 'cnnkit',
        what: 'no map: one forward pass on `@cnnkit/backend-wasm`',
        open: async (setting: Setting) => {
          const threads = await (await import('../backends/cnnkit-wasm.ts')).cnnkitWasm(setting)
          return (await import('../contenders/forward.ts')).forward(await open(), { batch: 1, threads })
        },
      },
      ...ONCE.map((method) => ours(method, 'on `@cnnkit/backend-wasm`')),
      ...OFTEN.map(([method, runs]) => ours(method, `${runs}, on \`@cnnkit/backend-wasm\``)),
      {
        name: 'grad-cam, tfjs wasm',
        what: 'the same on `@tensorflow/tfjs-backend-wasm` as it comes, in Node always one thread',
        threads: [1],
        open: async () => {
          const threads = await (await import('../backends/tfjs-wasm.ts')).tfjsWasm()
          return mapOf(await open(), 'grad-cam', threads)
        },
      },
      {
        name: 'grad-cam, tfjs cpu',
        what: 'the same on `@tensorflow/tfjs-backend-cpu`, plain JavaScript',
        threads: [1],
        slow: true,
        open: async () => {
          const threads = await (await import('../backends/tfjs-cpu.ts')).tfjsCpu()
          return mapOf(await open(), 'grad-cam', threads)
        },
      },
    ],
  }
}

/** Maps of the smallest network of the zoo. */
export const mapsMobilenetV1025: Row = mapsRow({
  name: 'maps-mobilenet-v1-025',
  title: 'MobileNet v1 0.25',
  open: async () => (await import('../networks/cnnkit-mobilenet-v1.ts')).cnnkitMobilenetV1025(),
})

/** Maps of the network that others are measured by. */
export const mapsResnet50: Row = mapsRow({
  name: 'maps-resnet50',
  title: 'ResNet-50',
  open: async () => (await import('@cnnkit/zoo')).createModel('resnet50'),
  prepare: async () => (await import('../networks/fetch-resnet50.ts')).fetchResnet50(),
})
