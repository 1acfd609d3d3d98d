import type { Contender, Row, Setting, Subject } from '../row.ts'

/** A network of the zoo to be trained on TensorFlow's own library. */
interface Network {
  /** As the zoo calls it. */
  readonly architecture: string
  readonly title: string
  readonly batch: number
}

const momentum = { momentum: 0.9 } as const

const subject = async (setting: Setting, network: Network, by: 'fromZoo' | 'fromTopology'): Promise<Subject> => {
  const topology = await import('../networks/topology.ts')
  const model = await topology[by](network.architecture)
  return (await import('../contenders/train-step.ts')).trainStep(model, { ...network, ...setting, ...momentum })
}

/** The row of a network's training step on TensorFlow's library: ours, tfjs-node as it comes, ours on wasm, and Keras where a Python has it. */
function row(network: Network): Row {
  const { architecture, title, batch } = network
  return {
    name: `train-tensorflow-${architecture.replaceAll('_', '-')}`,
    title: `${title}, training step on TensorFlow’s library, all layers, batch ${batch}`,
    timed:
      '`trainOnBatch` (Keras: `train_on_batch`) with SGD with momentum of a batch that is a tensor already: forward, gradients, update. The output that is compared is the first loss.',
    threads: [1, 2],
    process: 'kept',
    sameOutput: 1e-4,
    prepare: async () => (await import('../networks/topology.ts')).writeTopology(architecture),
    contenders: [
      {
        name: 'cnnkit',
        what: '`createModel` on `@cnnkit/backend-node-gpu`: cnnkit’s layers and kernels over tfjs-node',
        open: async (setting) => {
          const { cnnkitNodeGpu } = await import('../backends/cnnkit-node-gpu.ts')
          return subject({ threads: await cnnkitNodeGpu(setting) }, network, 'fromZoo')
        },
      },
      {
        name: 'tfjs-node',
        what: 'the same layers as a plain `tf.LayersModel` on `@tensorflow/tfjs-node` as it comes, with the same library',
        open: async (setting) => {
          const { tfjsNode } = await import('../backends/tfjs-node.ts')
          return subject({ threads: await tfjsNode(setting) }, network, 'fromTopology')
        },
      },
      {
        name: 'cnnkit on wasm',
        what: '`createModel` on `@cnnkit/backend-wasm`, with no TensorFlow library at all',
        open: async (setting) => {
          const { cnnkitWasm } = await import('../backends/cnnkit-wasm.ts')
          return subject({ threads: await cnnkitWasm(setting) }, network, 'fromZoo')
        },
      },
      ...keras(network),
    ],
  }
}

/** Takes part where `CNNKIT_KERAS_PYTHON` names a Python that has Keras. */
function keras({ architecture: network, batch }: Network): readonly Contender[] {
  const python = process.env.CNNKIT_KERAS_PYTHON
  if (!python) return []
  return [
    {
      name: 'Keras',
      what: 'the same network of Keras 3 on TensorFlow in Python, compiled into a graph (`reference/bench/train_step.py`); its weights are its own draw, so its loss is not compared',
      ownOutput: true,
      open: async ({ threads }) => {
        const { kerasTrainStep } = await import('../contenders/keras-train-step.ts')
        return kerasTrainStep({ python, network, batch, threads })
      },
    },
  ]
}

/** All of ResNet-50. */
export const trainTensorflowResnet50: Row = row({ architecture: 'resnet50', title: 'ResNet-50, 224 x 224', batch: 8 })

/** The small network for CIFAR-10. */
export const trainTensorflowResnet20: Row = row({
  architecture: 'resnet20_cifar',
  title: 'ResNet-20 for CIFAR-10, 32 x 32',
  batch: 32,
})

/** All of MobileNet. */
export const trainTensorflowMobilenetV1: Row = row({
  architecture: 'mobilenet_v1_100',
  title: 'MobileNet v1, 224 x 224',
  batch: 8,
})
