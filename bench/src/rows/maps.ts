import type { MapMethodName } from '@cnnkit/cam'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Contender, Row, Setting } from '../row.ts'

/** A network whose maps are timed. */
interface Network {
  readonly name: string
  readonly title: string
  readonly open: () => Promise<LayersModel>
  readonly prepare?: () => Promise<void>
}

/** What networks and maps run on. */
interface Backend {
  readonly name: string
  /** The package, for the table. */
  readonly what: string
  readonly threads: readonly number[]
  /** Starts it, and gives the threads it has. */
  readonly start: (setting: Setting) => Promise<number>
  /** The networks it is timed with; all unless given. */
  readonly networks?: readonly Network[]
  /** Maps take seconds on it: a method has one turn. */
  readonly slow?: boolean
  /** Methods for which it lacks a kernel. */
  readonly without?: readonly MapMethodName[]
}

const smallest: Network = {
  name: 'mobilenet-v1-025',
  title: 'MobileNet v1 0.25',
  open: async () => (await import('../networks/cnnkit-mobilenet-v1.ts')).cnnkitMobilenetV1025(),
}

const networks: readonly Network[] = [
  smallest,
  {
    name: 'mobilenet-v1-100',
    title: 'MobileNet v1 1.0',
    open: async () => (await import('../networks/cnnkit-mobilenet-v1.ts')).cnnkitMobilenetV1100(),
  },
  {
    name: 'resnet50',
    title: 'ResNet-50',
    open: async () => (await import('@cnnkit/zoo')).createModel('resnet50'),
    prepare: async () => (await import('../networks/fetch-resnet50.ts')).fetchResnet50(),
  },
  {
    name: 'squeezenet1-1',
    title: 'SqueezeNet 1.1, which has no norms',
    open: async () => (await import('../networks/cnnkit-squeezenet1-1.ts')).cnnkitSqueezenet11(),
  },
]

/** An entry a backend: what starts it stands in `src/backends`. */
const backends: readonly Backend[] = [
  {
    name: 'wasm',
    what: '`@cnnkit/backend-wasm`',
    threads: [1, 2],
    start: async (setting) => (await import('../backends/cnnkit-wasm.ts')).cnnkitWasm(setting),
  },
  {
    name: 'tfjs-wasm',
    what: '`@tensorflow/tfjs-backend-wasm` as it comes',
    threads: [1],
    start: async () => (await import('../backends/tfjs-wasm.ts')).tfjsWasm(),
    without: ['guided-backprop'], // no gradient of a depthwise convolution
  },
  {
    name: 'cpu',
    what: '`@tensorflow/tfjs-backend-cpu`, plain JavaScript',
    threads: [1],
    start: async () => (await import('../backends/tfjs-cpu.ts')).tfjsCpu(),
    networks: [smallest],
    slow: true,
  },
  {
    name: 'node-gpu',
    what: '`@cnnkit/backend-node-gpu`',
    threads: [1, 2],
    start: async (setting) => (await import('../backends/cnnkit-node-gpu.ts')).cnnkitNodeGpu(setting),
  },
  {
    name: 'webgpu',
    what: '`@cnnkit/backend-webgpu`, in software where there is no GPU',
    threads: [1],
    start: async () => (await import('../backends/cnnkit-webgpu.ts')).cnnkitWebgpu().then(() => 1),
    networks: [smallest],
  },
]

/** Every method, by what it runs: a method that is not here does not compile. */
const methods: Readonly<Record<MapMethodName, string>> = {
  'grad-cam': 'once, and back to the layer',
  'grad-cam++': 'once, and back to the layer',
  'hires-cam': 'once, and back to the layer',
  'x-grad-cam': 'once, and back to the layer',
  'layer-cam': 'once, and back to the layer',
  cam: 'once',
  'eigen-cam': 'up to the layer',
  'guided-backprop': 'once, and back to the input',
  'smooth-grad-cam++': 'for the picture and 8 noisy ones, and back to the layer',
  'ablation-cam': 'once, and on from the layer for each of 16 channels',
  'score-cam': 'once, and again for each of 16 channels',
  random: 'up to the layer',
}

/** Maps by all methods on a backend, against one forward pass of the same network there. */
function mapsRow(network: Network, backend: Backend): Row {
  const { open, prepare } = network
  const timed = (Object.keys(methods) as MapMethodName[]).filter((method) => !backend.without?.includes(method))
  const mapBy = (method: MapMethodName): Contender => ({
    name: method,
    what: `the network runs ${methods[method]}`,
    ...(backend.slow && { slow: true }),
    open: async (setting) => {
      const threads = await backend.start(setting)
      return (await import('../contenders/map.ts')).map(await open(), method, threads)
    },
  })
  const forward: Contender = {
    name: 'cnnkit',
    what: `no map: one forward pass, \`model.predict\`, on ${backend.what}, as the maps are`,
    open: async (setting) => {
      const threads = await backend.start(setting)
      return (await import('../contenders/forward.ts')).forward(await open(), { batch: 1, threads })
    },
  }
  return {
    name: `maps-${network.name}${backend.name === 'wasm' ? '' : `-${backend.name}`}`,
    title: `${network.title}, a map of one picture at the last stage on ${backend.name}, in forward passes`,
    timed:
      'A map of a picture that is a tensor already, for a given class, until its values can be read. The first line is one forward pass of the same network on the same backend, so a ratio says how many of them a map costs.',
    threads: backend.threads,
    process: 'kept',
    sameOutput: 'each method makes another map',
    ...(prepare && { prepare }),
    contenders: [forward, ...timed.map(mapBy)],
  }
}

/** Maps of each network on each backend. */
export const mapsRows: readonly Row[] = networks.flatMap((network) =>
  backends.filter((backend) => backend.networks?.includes(network) ?? true).map((backend) => mapsRow(network, backend)),
)
