/**
 * How far a kernel's result may be from the reference's, as max |a - b| / max |b|. What moves or compares values must be exact. What works
 * on each value by itself may differ by a few roundings: a GPU's division, root and exponential are not rounded rightly. What adds
 * many products or divides by a sum may add them in another order.
 */
export const tolerances = { moved: 0, elementwise: 1e-5, summed: 1e-4 } as const

/** What a kernel does with values, as far as its error goes. */
export type KernelClass = keyof typeof tolerances

/** The class of a kernel; one that is not listed sums. */
export function classOf(kernel: string): KernelClass {
  if (moved.has(kernel)) return 'moved'
  return elementwise.has(kernel) ? 'elementwise' : 'summed'
}

const moved = new Set([
  ...[
    'Abs',
    'ArgMax',
    'ArgMin',
    'Cast',
    'ClipByValue',
    'ClipByValueGrad',
    'Concat',
    'Equal',
    'ExpandDims',
    'Fill',
    'Floor',
  ],
  ...['GatherV2', 'Greater', 'GreaterEqual', 'Identity', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalNot', 'LogicalOr'],
  ...['Max', 'MaxPool', 'Maximum', 'Min', 'Minimum', 'Neg', 'NotEqual', 'OneHot', 'OnesLike', 'Pack', 'PadV2', 'Range'],
  ...[
    'Relu',
    'Relu6',
    'ReluGrad',
    'Relu6Grad',
    'Reshape',
    'Reverse',
    'Select',
    'Slice',
    'SplitV',
    'Step',
    'Tile',
    'TopK',
  ],
  ...['Transpose', 'Unpack', 'ZerosLike'],
])

const elementwise = new Set([
  ...['Add', 'Sub', 'Multiply', 'RealDiv', 'SquaredDifference', 'Pow', 'Exp', 'Log', 'Reciprocal', 'Rsqrt', 'Sigmoid'],
  ...['Sqrt', 'Square', 'Tanh', 'Softplus', 'ScaleShift', 'FusedBatchNorm'],
  ...['AdamUpdate', 'MovingAverage', 'RmsPropUpdate', 'SgdUpdate'],
])
