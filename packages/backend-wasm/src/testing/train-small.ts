import '@tensorflow/tfjs-backend-cpu'
import { noise, relativeError } from '@cnnkit/testing/numbers'
import { disposeVariables, memory, oneHot, setBackend, tensor, tensor1d, tidy, train } from '@tensorflow/tfjs-core'
import {
  initializers,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
  input as symbolic,
} from '@tensorflow/tfjs-layers'
import { expect } from 'vitest'

type Layer = ReturnType<typeof layers.conv2d>

/** Seeded, so that both backends begin with the same weights. */
function seeds(): () => ReturnType<typeof initializers.heNormal> {
  let seed = 1
  return () => initializers.heNormal({ seed: seed++ })
}

const apply = (layer: unknown, x: SymbolicTensor | SymbolicTensor[]): SymbolicTensor =>
  (layer as Layer).apply(x) as SymbolicTensor

/** All that MobileNet v1 is made of, small. */
export function mobilenet(): LayersModel {
  const kernelInitializer = seeds()
  const normed = (x: SymbolicTensor): SymbolicTensor =>
    apply(layers.reLU({ maxValue: 6 }), apply(layers.batchNormalization({ momentum: 0.9, epsilon: 1e-3 }), x))
  const separable = (x: SymbolicTensor, filters: number, strides: number): SymbolicTensor => {
    const padded =
      strides === 1
        ? x
        : apply(
            layers.zeroPadding2d({
              padding: [
                [0, 1],
                [0, 1],
              ],
            }),
            x,
          )
    const padding = strides === 1 ? 'same' : 'valid'
    const depthwiseInitializer = kernelInitializer()
    const y = normed(
      apply(layers.depthwiseConv2d({ kernelSize: 3, strides, padding, useBias: false, depthwiseInitializer }), padded),
    )
    return normed(
      apply(layers.conv2d({ filters, kernelSize: 1, useBias: false, kernelInitializer: kernelInitializer() }), y),
    )
  }
  const input = symbolic({ shape: [33, 33, 3] })
  let x = normed(
    apply(
      layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, useBias: false, kernelInitializer: kernelInitializer() }),
      input,
    ),
  )
  x = separable(separable(separable(x, 16, 1), 24, 2), 32, 2)
  x = apply(layers.dropout({ rate: 0.2, seed: 5 }), apply(layers.globalAveragePooling2d({}), x))
  x = apply(layers.dense({ units: 5, activation: 'softmax', kernelInitializer: kernelInitializer() }), x)
  return model({ inputs: input, outputs: x })
}

/** All that ResNet-50 is made of, small. */
export function resnet(): LayersModel {
  const kernelInitializer = seeds()
  const conv = (x: SymbolicTensor, filters: number, kernelSize: number, strides = 1): SymbolicTensor =>
    apply(
      layers.batchNormalization({}),
      apply(
        layers.conv2d({
          filters,
          kernelSize,
          strides,
          padding: 'same',
          useBias: false,
          kernelInitializer: kernelInitializer(),
        }),
        x,
      ),
    )
  const relu = (x: SymbolicTensor): SymbolicTensor => apply(layers.activation({ activation: 'relu' }), x)
  const block = (x: SymbolicTensor, filters: number, strides: number): SymbolicTensor => {
    const y = conv(relu(conv(relu(conv(x, filters, 1, strides)), filters, 3)), 4 * filters, 1)
    return relu(apply(layers.add(), [conv(x, 4 * filters, 1, strides), y]))
  }
  const input = symbolic({ shape: [40, 40, 3] })
  let x = relu(conv(apply(layers.zeroPadding2d({ padding: 3 }), input), 8, 7, 2))
  x = apply(layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }), x)
  x = block(block(x, 4, 1), 8, 2)
  x = apply(
    layers.dense({ units: 5, activation: 'softmax', kernelInitializer: kernelInitializer() }),
    apply(layers.globalAveragePooling2d({}), x),
  )
  return model({ inputs: input, outputs: x })
}

interface Trained {
  readonly losses: number[]
  /** Of each weight after the steps. */
  readonly weights: Float32Array[]
}

async function trained(backend: 'cpu' | 'wasm', build: () => LayersModel, steps: number): Promise<Trained> {
  await setBackend(backend)
  const net = build()
  const optimizer = train.momentum(0.02, 0.9)
  net.compile({ optimizer, loss: 'categoricalCrossentropy' })
  const shape = [6, ...(net.inputs[0]!.shape.slice(1) as number[])]
  const x = tensor(noise(shape, 3).values, shape)
  const y = oneHot(tensor1d([0, 1, 2, 3, 4, 0], 'int32'), 5)
  const losses: number[] = []
  let tensors = 0
  for (let step = 0; step < steps; step++) {
    losses.push((await net.trainOnBatch(x, y)) as number)
    // The first step makes the optimizer's variables.
    if (step === 0) tensors = memory().numTensors
    expect(memory().numTensors).toBe(tensors)
  }
  const weights = tidy(() => net.getWeights().map((weight) => Float32Array.from(weight.dataSync())))
  net.dispose()
  optimizer.dispose()
  disposeVariables()
  x.dispose()
  y.dispose()
  return { losses, weights }
}

/** Expects that a network trained on `wasm` has the losses and weights of the same trained on `cpu`. */
export async function expectSameTraining(build: () => LayersModel): Promise<void> {
  const expected = await trained('cpu', build, 4)
  const actual = await trained('wasm', build, 4)
  expect(relativeError(actual.losses, expected.losses)).toBeLessThan(1e-3)
  const errors = expected.weights.map((weight, i) => relativeError(actual.weights[i]!, weight))
  expect(Math.max(...errors)).toBeLessThan(1e-3)
  expect(expected.losses[3]).toBeLessThan(expected.losses[0]!)
}
