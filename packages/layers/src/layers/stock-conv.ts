import type { Tensor } from '@tensorflow/tfjs-core'
import { type LayerVariable, layers } from '@tensorflow/tfjs-layers'

/** Arguments of `tf.layers.conv2d`. */
export type Conv2DArgs = Parameters<typeof layers.conv2d>[0]
/** Arguments of `tf.layers.depthwiseConv2d`. */
export type DepthwiseConv2DArgs = Parameters<typeof layers.depthwiseConv2d>[0]

interface StockConvolution extends layers.Layer {
  /** Of the window, in pixels. */
  readonly kernelSize: [number, number]
  /** From one window to the next, in pixels. */
  readonly strides: [number, number]
  /** By TensorFlow's rules. */
  readonly padding: 'valid' | 'same'
  /** Where the channels stand. */
  readonly dataFormat: 'channelsFirst' | 'channelsLast'
  /** Distance between the pixels that a window reads. */
  readonly dilationRate: [number, number]
  /** One a channel; `null` without. */
  readonly bias: LayerVariable | null
  /** What follows. */
  readonly activation: {
    /** The activation of values. */
    apply(x: Tensor): Tensor
    /** `'relu'`, `'linear'`, ... */
    getClassName(): string
  }
}

interface Conv2DLayer extends StockConvolution {
  /** Channels of the result. */
  readonly filters: number
  /** `[height, width, in, out]` */
  readonly kernel: LayerVariable
}

interface DepthwiseConv2DLayer extends StockConvolution {
  /** `[height, width, channels, multiplier]` */
  readonly depthwiseKernel: LayerVariable
}

// tfjs-layers exports the functions and not the classes; an instance knows its class.

/** The class of `tf.layers.conv2d`. */
export const StockConv2D: new (args: Conv2DArgs) => Conv2DLayer = /* @__PURE__ */ (() =>
  layers.conv2d({ filters: 1, kernelSize: 1 }).constructor)() as never

/** The class of `tf.layers.depthwiseConv2d`. */
export const StockDepthwiseConv2D: new (args: DepthwiseConv2DArgs) => DepthwiseConv2DLayer = /* @__PURE__ */ (() =>
  layers.depthwiseConv2d({ kernelSize: 1 }).constructor)() as never
