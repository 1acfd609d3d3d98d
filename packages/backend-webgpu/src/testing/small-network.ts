import { batchNorm, reLU } from '@cnnkit/layers'
import {
  initializers,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  input as symbolic,
} from '@tensorflow/tfjs-layers'

type Layer = ReturnType<typeof layers.conv2d>
const through = (x: SymbolicTensor, ...chain: unknown[]): SymbolicTensor =>
  chain.reduce<SymbolicTensor>((y, layer) => (layer as Layer).apply(y) as SymbolicTensor, x)

/** What ResNet and MobileNet are made of, small; the same weights on each backend. */
export function smallNetwork(): LayersModel {
  let seed = 1
  const kernelInitializer = () => initializers.heNormal({ seed: seed++ })
  const conv = (filters: number, kernelSize: number, strides = 1) =>
    layers.conv2d({
      filters,
      kernelSize,
      strides,
      padding: 'same',
      useBias: false,
      kernelInitializer: kernelInitializer(),
    })
  const input = symbolic({ shape: [8, 8, 3] })
  const stem = through(input, conv(8, 3), batchNorm({ momentum: 0.9 }), reLU({}), layers.maxPooling2d({ poolSize: 2 }))
  const branch = through(
    stem,
    layers.depthwiseConv2d({
      kernelSize: 3,
      padding: 'same',
      useBias: false,
      depthwiseInitializer: kernelInitializer(),
    }),
    batchNorm({ momentum: 0.9 }),
    reLU({ maxValue: 6 }),
    conv(8, 1),
  )
  const sum = layers.add().apply([stem, branch]) as SymbolicTensor
  const classifier = layers.dense({ units: 5, activation: 'softmax', kernelInitializer: kernelInitializer() })
  return model({ inputs: input, outputs: through(sum, reLU({}), layers.globalAveragePooling2d({}), classifier) })
}

/** The values of all weights and moving statistics. */
export async function valuesOf(net: LayersModel): Promise<Float32Array[]> {
  return Promise.all(net.getWeights(false).map(async (weight) => Float32Array.from(await weight.data())))
}
