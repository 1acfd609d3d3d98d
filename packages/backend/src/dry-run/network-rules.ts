import { backend_util } from '@tensorflow/tfjs-core'
import { type Call, type Form, like, type Rule, type Rules, rulesFor } from './rule.ts'

interface Windows {
  readonly strides: [number, number]
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding
  readonly dilations?: [number, number] | null
  readonly dimRoundingMode?: 'floor'
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly filterSize: [number, number]
}

type Sides = [number, number, number, number]

const windowsOf = ({ attributes }: Call): Windows => attributes as unknown as Windows

const convolved =
  (depthwise: boolean): Rule =>
  (call) => {
    const { x, filter } = call.inputs
    const { strides, pad, dimRoundingMode, ...given } = windowsOf(call)
    const [dilations, dataFormat] = [given.dilations ?? 1, given.dataFormat ?? 'NHWC']
    const format = backend_util.convertConv2DDataFormat(dataFormat)
    const [sides, kernel] = [x!.shape as Sides, filter!.shape as Sides]
    const { outShape } = depthwise
      ? backend_util.computeConv2DInfo(sides, kernel, strides, dilations, pad, dimRoundingMode, true)
      : backend_util.computeConv2DInfo(sides, kernel, strides, dilations, pad, dimRoundingMode, false, format)
    return { shape: outShape, dtype: 'float32' }
  }

/** The channels of one group make a convolution of all its rows and columns. */
const groupConvolved: Rule = (call) => {
  const { x, filter } = call.inputs
  const { strides, pad, dilations } = windowsOf(call)
  const [height, width, channels, filters] = filter!.shape as Sides
  const sides = [...x!.shape.slice(0, 3), channels] as Sides
  const { outShape } = backend_util.computeConv2DInfo(
    sides,
    [height, width, channels, filters],
    strides,
    dilations ?? 1,
    pad,
  )
  return { shape: outShape, dtype: 'float32' }
}

const pooled: Rule = (call) => {
  const { filterSize, strides, pad, dimRoundingMode } = windowsOf(call)
  const { outShape } = backend_util.computePool2DInfo(
    call.inputs.x!.shape as Sides,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  return { shape: outShape, dtype: 'float32' }
}

const product: Rule = ({ inputs: { a, b }, attributes: { transposeA, transposeB } }) => {
  const outer = backend_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2))
  return {
    shape: [...outer, a!.shape.at(transposeA ? -1 : -2)!, b!.shape.at(transposeB ? -2 : -1)!],
    dtype: a!.dtype,
  }
}

const shaped =
  (attribute: string): Rule =>
  ({ attributes }) => ({ shape: attributes[attribute] as number[], dtype: 'float32' })

/** For each input a result like it, in the order of the names. */
const likeEach =
  (...names: string[]): Rule =>
  ({ inputs }) =>
    names.filter((name) => inputs[name] != null).map((name): Form => inputs[name]!)

/** Kernels that networks are made of, TensorFlow.js' and those of @cnnkit/kernels. */
export const networkRules: Rules = {
  ...rulesFor('Conv2D FusedConv2D', convolved(false)),
  ...rulesFor('DepthwiseConv2dNative FusedDepthwiseConv2D', convolved(true)),
  ...rulesFor('Conv2DBackpropInput DepthwiseConv2dNativeBackpropInput', shaped('inputShape')),
  ...rulesFor('Conv2DBackpropFilter DepthwiseConv2dNativeBackpropFilter', shaped('filterShape')),
  ...rulesFor('MaxPool AvgPool', pooled),
  ...rulesFor('MaxPoolGrad AvgPoolGrad', like('input')),
  ...rulesFor('BatchMatMul _FusedMatMul', product),
  ...rulesFor('ReluGrad Relu6Grad ClipByValueGrad', like('dy')),
  BatchNormTraining: likeEach('x', 'gamma', 'beta'),
  BatchNormTrainingGrad: likeEach('x', 'gamma', 'gamma'),
  FusedConv2DAdd: like('residual'),
  FusedGroupedConv2D: groupConvolved,
  MovingAverage: like('average'),
  ScaleShift: like('x'),
  SgdUpdate: likeEach('weight', 'velocity'),
  AdamUpdate: likeEach('weight', 'mean', 'square'),
  RmsPropUpdate: likeEach('weight', 'square', 'velocity'),
}
