import { backend_util, type DataType } from '@tensorflow/tfjs-core'
import { axesOf, type Form, like, type Rule, type Rules, rulesFor } from './rule.ts'

const broadcast: Rule = ({ inputs: { a, b } }) => ({
  shape: backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape),
  dtype: a!.dtype,
})

const reduced: Rule = ({ inputs: { x }, attributes: { axis, keepDims } }) => {
  const axes = axesOf(axis, x!.shape.length)
  const shape = x!.shape.map((side, i) => (axes.includes(i) ? (keepDims ? 1 : -1) : side))
  return { shape: shape.filter((side) => side !== -1), dtype: x!.dtype }
}

const as =
  (dtype: DataType, rule: Rule): Rule =>
  (call) => ({ ...(rule(call) as Form), dtype })

/** Truth values are counted. */
const summed: Rule = (call) => as(call.inputs.x!.dtype === 'bool' ? 'int32' : call.inputs.x!.dtype, reduced)(call)

/** Kernels that work on values one by one, or sum them up. */
export const elementwiseRules: Rules = {
  ...rulesFor(
    'Abs Acos Acosh Asin Asinh Atan Atanh Ceil ClipByValue Cos Cosh Cumprod Cumsum Elu Erf Exp Expm1 Floor Identity ' +
      'LRN LeakyRelu Log Log1p Neg OnesLike Prelu Reciprocal Relu Relu6 Reverse Round Rsqrt Selu Sigmoid Sign Sin Sinh ' +
      'Softplus Sqrt Square Step Tan Tanh ZerosLike FusedBatchNorm LRNGrad',
    like('x'),
  ),
  ...rulesFor('Softmax LogSoftmax', like('logits')),
  ...rulesFor('EluGrad', like('dy')),
  ...rulesFor('IsFinite IsInf IsNan LogicalNot', like('x', 'bool')),
  ...rulesFor('Add Atan2 FloorDiv Maximum Minimum Mod Multiply Pow RealDiv SquaredDifference Sub', broadcast),
  ...rulesFor('Equal Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr NotEqual', as('bool', broadcast)),
  // The one kernel that calls its axes otherwise.
  Max: ({ inputs, attributes }) =>
    reduced({ inputs, attributes: { ...attributes, axis: attributes.reductionIndices } }),
  Min: reduced,
  ...rulesFor('Prod Sum', summed),
  Mean: as('float32', reduced),
  ...rulesFor('All Any', as('bool', reduced)),
  ...rulesFor('ArgMax ArgMin', as('int32', reduced)),
  AddN: ({ inputs }) => Object.values(inputs)[0]!,
  Cast: ({ inputs: { x }, attributes: { dtype } }) => ({ shape: x!.shape, dtype: dtype as 'float32' }),
  Select: like('t'),
}
