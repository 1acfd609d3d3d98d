import type { ModelName } from '@cnnkit/zoo'
import type { InPage } from '../chromium/in-chromium.ts'
import { checkOnnx, missingOnnx, onnxPath } from '../networks/onnx-files.ts'
import type { Contender, Row, Setting, Subject } from '../row.ts'

/** Networks, and the form of each that `reference/onnx/export.py` exports. */
const networks = {
  resnet50: 'torchvision',
  vgg16: 'torchvision',
  googlenet: 'torchvision',
  inception_v3: 'torchvision',
  densenet121: 'torchvision',
  mobilenet_v1_100: 'timm',
  mobilenet_v2_100: 'torchvision',
  nasnet_mobile: 'keras',
} as const satisfies Partial<Record<ModelName, string>>

type NetworkName = keyof typeof networks

const each = (make: (network: NetworkName, batch: number) => Row): readonly Row[] =>
  (Object.keys(networks) as NetworkName[]).flatMap((network) => [1, 8].map((batch) => make(network, batch)))

/** Forward passes by cnnkit, TensorFlow.js and onnxruntime-web in Node, at batch 1 and 8. */
export const onnxRows: readonly Row[] = each(row)

/** The same in headless Chromium. */
export const onnxChromiumRows: readonly Row[] = each(chromiumRow)

/** The scores are logits, as the exported graphs end with them. */
const formOf = (network: NetworkName) => ({ flavor: networks[network], activation: 'linear' }) as const

function row(network: NetworkName, batch: number): Row {
  const flavor = networks[network]
  return {
    name: `onnx-${network.replaceAll('_', '-')}-batch-${batch}`,
    title: `${network} (${flavor}), forward, batch ${batch}, with onnxruntime-web`,
    timed:
      'A prediction of a batch that is there already, until the scores can be read. onnxruntime-web’s weights are other ones, so its scores are not compared; its graph has as many multiply-accumulates.',
    threads: [1, 2],
    process: 'kept',
    sameOutput: 1e-4,
    missing: () => missingOnnx(network),
    prepare: async () => {
      const { writeTopology } = await import('../networks/topology.ts')
      await writeTopology(network, formOf(network))
      await checkOnnx(network, flavor)
    },
    contenders: [cnnkit(network, batch), ...tfjs(network, batch), onnxruntime(network, batch)],
  }
}

function chromiumRow(network: NetworkName, batch: number): Row {
  const inNode = row(network, batch)
  const contender = (name: InPage['contender'], what: string, rest: Partial<Contender> = {}): Contender => ({
    name,
    what: `${what}, in headless Chromium`,
    ...rest,
    open: async ({ threads }) => {
      const { inChromium } = await import('../chromium/in-chromium.ts')
      return inChromium({ contender: name, network, form: formOf(network), batch, threads })
    },
  })
  const [ours] = inNode.contenders
  const theirs = inNode.contenders.at(-1)!
  return {
    ...inNode,
    name: `chromium-${inNode.name}`,
    title: `${inNode.title}, in headless Chromium`,
    contenders: [
      contender('cnnkit', ours.what),
      contender(
        'tfjs',
        'the same layers as a plain `tf.LayersModel` on `@tensorflow/tfjs-backend-wasm` as it comes: SIMD, half of the cores as threads',
      ),
      contender('onnxruntime-web', theirs.what, { ownOutput: true }),
    ],
  }
}

function cnnkit(network: NetworkName, batch: number): Contender {
  const flavor = networks[network]
  return {
    name: 'cnnkit',
    what: `\`fuse\` of \`createModel('${network}', { flavor: '${flavor}', activation: 'linear' })\` on \`@cnnkit/backend-wasm\``,
    open: async (setting) => {
      const threads = await (await import('../backends/cnnkit-wasm.ts')).cnnkitWasm(setting)
      const { fuse } = await import('@cnnkit/layers')
      const model = await (await import('../networks/topology.ts')).fromZoo(network, formOf(network))
      return (await import('../contenders/forward.ts')).forward(fuse(model), { batch, threads })
    },
  }
}

function tfjs(network: NetworkName, batch: number): readonly Contender[] {
  const predict = async (threads: number): Promise<Subject> => {
    const model = await (await import('../networks/topology.ts')).fromTopology(network, formOf(network))
    return (await import('../contenders/forward.ts')).forward(model, { batch, threads })
  }
  return [
    {
      name: 'tfjs',
      what: 'the same layers as a plain `tf.LayersModel` on `@tensorflow/tfjs-backend-wasm` as it comes: SIMD, in Node always one thread',
      open: async () => predict(await (await import('../backends/tfjs-wasm.ts')).tfjsWasm()),
    },
    {
      name: 'tfjs, threads by cnnkit',
      what: 'the same with every kernel of TensorFlow.js’ own, in its threaded module, which `@cnnkit/backend-wasm` starts in Node',
      threads: [2, 4, 8],
      open: async (setting) =>
        predict(await (await import('../backends/tfjs-wasm-on-threads.ts')).tfjsWasmOnThreads(setting)),
    },
  ]
}

function onnxruntime(network: NetworkName, batch: number): Contender {
  return {
    name: 'onnxruntime-web',
    what: 'the network as its library exports it, on the wasm of `onnxruntime-web` with SIMD and as many threads, all of its graph optimizations on; each run copies the pictures in',
    ownOutput: true,
    open: async ({ threads }: Setting) => {
      const { onnxForward } = await import('../contenders/onnx-forward.ts')
      return onnxForward(onnxPath(network), { batch, threads })
    },
  }
}
