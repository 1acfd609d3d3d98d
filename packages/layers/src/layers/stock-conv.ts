import type { Tensor } from '@tensorflow/tfjs-core'
import { type LayerVariable, layers } from '@tensorflow/tfjs-layers'

/** Arguments of `tf.layers.conv2d`. */
export type Conv2DArgs = Parameters<typeof layers.conv2d>[0]
/** Arguments of `tf.layers.depthwiseConv2d`. */
export type DepthwiseConv2DArgs = Parameters<typeof layers.depthwiseConv2d>[0]

interface StockConvolution extends layers.Layer {
  readonly kernelSize: [number, number]
  readonly strides: [number, number]
  readonly padding: 'valid' | 'same'
  readonly dataFormat: 'channelsFirst' | 'channelsLast'
  readonly dilationRate: [number, number]
  readonly bias: LayerVariable | null
  readonly activation: {
    apply(x: Tensor): Tensor
    /** `'relu'`, `'linear'`, ... */
    getClassName(): string
  }
}

interface Conv2DLayer extends StockConvolution {
  readonly filters: number
  readonly kernel: LayerVariable
}

interface DepthwiseConv2DLayer extends StockConvolution {
  readonly depthwiseKernel: LayerVariable
}

// tfjs-layers exports the functions and not the classes; an instance knows its class.

/** The class of `tf.layers.conv2d`. */
export const StockConv2D: new (args: Conv2DArgs) => Conv2DLayer = /* @__PURE__ */ (() =>
  layers.conv2d({ filters: 1, kernelSize: 1 }).constructor)() as never

/** The class of `tf.layers.depthwiseConv2d`. */
export const StockDepthwiseConv2D: new (args: DepthwiseConv2DArgs) => DepthwiseConv2DLayer = /* @__PURE__ */ (() =>
  layers.depthwiseConv2d({ kernelSize: 1 }).constructor)() as never
