// keras.applications.mobilenet in plain TensorFlow.js, as its users write it: no published tfjs file has its topology.
import { readFile } from 'node:fs/promises'
import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { dispose, io } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { setFormulaWeights } from './formula-weights.ts'

/** Filters and stride of the separable blocks. */
const blocks: readonly (readonly [filters: number, strides: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  ...Array.from({ length: 5 }, () => [512, 1] as const),
  [1024, 2],
  [1024, 1],
]

/** The network with weights of zeros. */
function tfjsMobilenetV1(width: number): LayersModel {
  const scaled = (filters: number): number => Math.trunc(filters * width)
  const image = input({ shape: [224, 224, 3] })
  const first = { filters: scaled(32), kernelSize: 3, strides: 2, padding: 'same', useBias: false } as const
  let x = normalized(layers.conv2d({ ...first, name: 'conv1', kernelInitializer: 'zeros' }).apply(image), 'conv1')
  blocks.forEach(([filters, strides], i) => {
    x = separable(x, { filters: scaled(filters), strides, index: i + 1 })
  })
  x = layers.globalAveragePooling2d({}).apply(x) as SymbolicTensor
  x = layers.reshape({ targetShape: [1, 1, scaled(1024)] }).apply(x) as SymbolicTensor
  const classifier = { filters: 1000, kernelSize: 1, padding: 'same', kernelInitializer: 'zeros' } as const
  x = layers.conv2d({ ...classifier, name: 'conv_preds' }).apply(x) as SymbolicTensor
  x = layers.reshape({ targetShape: [1000] }).apply(x) as SymbolicTensor
  return model({ inputs: image, outputs: layers.softmax().apply(x) as SymbolicTensor })
}

/** The network of width 1 with weights by formula. */
export async function tfjsMobilenetV1100(): Promise<LayersModel> {
  const network = tfjsMobilenetV1(1)
  setFormulaWeights(network)
  return network
}

/** The network of width 0.25 with the weights of Keras, from the same file as ours. */
export async function tfjsMobilenetV1025(): Promise<LayersModel> {
  const network = tfjsMobilenetV1(0.25)
  const bytes = await readFile(mobilenetV1025.bytes)
  const specs = mobilenetV1025.manifest.flatMap(({ weights }) => weights) as unknown as io.WeightsManifestEntry[]
  const weights = io.decodeWeights(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), specs)
  network.loadWeights(weights)
  dispose(weights)
  return network
}

function separable(
  x: SymbolicTensor,
  { filters, strides, index }: { filters: number; strides: number; index: number },
): SymbolicTensor {
  const below: [[number, number], [number, number]] = [
    [0, 1],
    [0, 1],
  ]
  const padded = strides === 1 ? x : (layers.zeroPadding2d({ padding: below }).apply(x) as SymbolicTensor)
  const padding = strides === 1 ? 'same' : 'valid'
  const [dw, pw] = [`conv_dw_${index}`, `conv_pw_${index}`]
  const depthwise = { kernelSize: 3, strides, padding, useBias: false, depthwiseInitializer: 'zeros' } as const
  const y = normalized(layers.depthwiseConv2d({ ...depthwise, name: dw }).apply(padded), dw)
  const pointwise = { filters, kernelSize: 1, padding: 'same', useBias: false, kernelInitializer: 'zeros' } as const
  return normalized(layers.conv2d({ ...pointwise, name: pw }).apply(y), pw)
}

function normalized(x: ReturnType<layers.Layer['apply']>, name: string): SymbolicTensor {
  const y = layers.batchNormalization({ name: `${name}_bn` }).apply(x)
  return layers.reLU({ maxValue: 6 }).apply(y) as SymbolicTensor
}
