import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Contender, Row, Subject } from '../row.ts'

// ResNet-20 for CIFAR-10: small, as the adapter may be software.
const architecture = 'resnet20_cifar'
const adapter = 'On the GPU that WebGPU finds, or on the CPU (SwiftShader) where there is none.'

type Work = (model: LayersModel) => Promise<Subject>

const cnnkit = (what: string, work: Work): Contender => ({
  name: 'cnnkit',
  what,
  open: async () => {
    await (await import('../backends/cnnkit-webgpu.ts')).cnnkitWebgpu()
    return work(await (await import('../networks/topology.ts')).fromZoo(architecture))
  },
})

const tfjs = (work: Work): Contender => ({
  name: 'tfjs',
  what: 'the same layers as a plain `tf.LayersModel` on `@tensorflow/tfjs-backend-webgpu` as it comes, on the same adapter through Dawn',
  open: async () => {
    await (await import('../backends/tfjs-webgpu.ts')).tfjsWebgpu()
    return work(await (await import('../networks/topology.ts')).fromTopology(architecture))
  },
})

const common = {
  threads: [1],
  prepare: async () => (await import('../networks/topology.ts')).writeTopology(architecture),
} as const

const forward: Work = async (model) =>
  (await import('../contenders/forward.ts')).forward(model, { batch: 1, threads: 1 })

/** A prediction. */
export const forwardWebgpuResnet20: Row = {
  ...common,
  name: 'forward-webgpu-resnet20',
  title: 'ResNet-20 for CIFAR-10 on WebGPU, forward, batch 1, 32 x 32',
  timed: `\`model.predict\` of a batch that is a tensor already, until the scores can be read. ${adapter}`,
  process: 'kept',
  sameOutput: 1e-4,
  contenders: [cnnkit('`createModel` on `@cnnkit/backend-webgpu`', forward), tfjs(forward)],
}

const step: Work = async (model) =>
  (await import('../contenders/train-step.ts')).trainStep(model, { batch: 2, threads: 1, momentum: 0.9 })

/** A training step. */
export const trainWebgpuResnet20: Row = {
  ...common,
  name: 'train-webgpu-resnet20',
  title: 'ResNet-20 for CIFAR-10 on WebGPU, training step, all layers, batch 2, 32 x 32',
  timed: `\`model.trainOnBatch\` with SGD with momentum of a batch that is a tensor already. The output that is compared is the first loss. ${adapter}`,
  process: 'kept',
  sameOutput: 1e-3,
  contenders: [
    cnnkit('`createModel` on `@cnnkit/backend-webgpu`: cnnkit’s layers, and its kernels of training in WGSL', step),
    tfjs(step),
  ],
}

const first =
  (warmed: boolean): Work =>
  async (model) => {
    const { firstPrediction } = await import('../contenders/first-prediction.ts')
    const { shaderCount } = await import('../backends/shader-count.ts')
    const before = async () => (await import('@cnnkit/backend-webgpu')).warm(model)
    return firstPrediction(model, shaderCount, warmed ? before : undefined)
  }

/** Compiling shaders. */
export const warmWebgpuResnet20: Row = {
  ...common,
  name: 'warm-webgpu-resnet20',
  title: 'ResNet-20 for CIFAR-10 on WebGPU, shaders and first prediction, batch 1, 32 x 32',
  timed: `From a backend that runs and a model that is there until the first scores can be read: mostly the compiling of shaders, whose number is told on stderr. ${adapter}`,
  next: 'the second prediction',
  process: 'fresh',
  sameOutput: 1e-4,
  contenders: [
    cnnkit(
      '`warm(model)` of `@cnnkit/backend-webgpu`, which compiles all shaders beside one another, then a prediction',
      first(true),
    ),
    tfjs(first(false)),
  ],
}
