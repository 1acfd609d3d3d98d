import { permuted } from './permuted.ts'

/** How a framework keeps the weights of a layer: what it calls them, and the order of a kernel's axes. */
export interface Layout {
  /** What follows the layer's name, by our name of the weight: `/kernel`, `.running_mean`, `_w_0`. */
  readonly suffixes: Readonly<Record<string, string>>
  /**
   * `keras`: `[height, width, in, out]` and `[in, out]`, grids flattened with their channels last. `torch`:
   * `[out, in, height, width]` and `[out, in]`, grids flattened with their channels first.
   */
  readonly axes: 'keras' | 'torch'
  /** Tensors of the file that say nothing of the network. */
  readonly bookkeeping?: RegExp
}

/** Keras' own: `conv1/kernel`. */
export const kerasLayout: Layout = {
  suffixes: {
    kernel: '/kernel',
    depthwise_kernel: '/depthwise_kernel',
    bias: '/bias',
    gamma: '/gamma',
    beta: '/beta',
    moving_mean: '/moving_mean',
    moving_variance: '/moving_variance',
  },
  axes: 'keras',
}

/** PyTorch's: `layer1.0.bn1.running_mean`. */
export const torchLayout: Layout = {
  suffixes: {
    kernel: '.weight',
    depthwise_kernel: '.weight',
    bias: '.bias',
    gamma: '.weight',
    beta: '.bias',
    moving_mean: '.running_mean',
    moving_variance: '.running_var',
  },
  axes: 'torch',
  bookkeeping: /\.num_batches_tracked$/,
}

/** TF-slim's: `InceptionV4/Conv2d_1a_3x3/weights`. */
export const slimLayout: Layout = {
  suffixes: {
    kernel: '/weights',
    depthwise_kernel: '/depthwise_weights',
    bias: '/biases',
    gamma: '/gamma',
    beta: '/beta',
    moving_mean: '/moving_mean',
    moving_variance: '/moving_variance',
  },
  axes: 'keras',
}

/** Caffe2's, as the older files of ONNX's model zoo have it: `conv1_w_0`. */
export const caffe2Layout: Layout = {
  suffixes: { kernel: '_w_0', bias: '_b_0' },
  axes: 'torch',
  bookkeeping: /(^|\/)(OC2_DUMMY_|imagenet1k_blobs_queue)/,
}

/** A tensor of a file seen as ours: cut into `sides`, the axes of which are put in `order`. */
export interface View {
  /** The file's values, in its order, as an array of these sides. */
  readonly sides: readonly number[]
  /** For each axis of ours, the axis of the file's. */
  readonly order: readonly number[]
}

/** What kind of kernel a layer has, as the axes depend on it. */
export type KernelKind = 'convolution' | 'depthwise' | 'dense'

/**
 * How PyTorch keeps a kernel of ours: its shape there, and how that is seen as ours.
 *
 * @param ours `[height, width, in, out]`, `[height, width, channels, multiplier]` or `[in, out]`
 * @param grid `[height, width, channels]` of the grid that was flattened before a dense layer, if one was
 */
export function torchKernel(
  kind: KernelKind,
  ours: readonly number[],
  grid?: readonly number[],
): { readonly shape: readonly number[]; readonly view: View } {
  if (kind === 'dense') {
    const [inputs, outputs] = ours as [number, number]
    if (!grid) return { shape: [outputs, inputs], view: { sides: [outputs, inputs], order: [1, 0] } }
    const [height, width, channels] = grid as [number, number, number]
    return { shape: [outputs, inputs], view: { sides: [outputs, channels, height, width], order: [2, 3, 1, 0] } }
  }
  const [height, width, inputs, outputs] = ours as [number, number, number, number]
  if (kind === 'convolution') {
    const shape = [outputs, inputs, height, width]
    return { shape, view: { sides: shape, order: [2, 3, 1, 0] } }
  }
  // Depthwise: the channels are the groups, and the multiples of a channel lie side by side.
  return {
    shape: [inputs * outputs, 1, height, width],
    view: { sides: [inputs, outputs, height, width], order: [2, 3, 0, 1] },
  }
}

/** The values of a file in our order. Where the order is the same already, the array itself. */
export function seenAs(values: Float32Array, { sides, order }: View): Float32Array {
  return permuted(values, sides, order)
}

/** Values of ours in the order of a file: the inverse of {@link seenAs}. */
export function seenFrom(values: Float32Array, { sides, order }: View): Float32Array {
  const ours = order.map((axis) => sides[axis]!)
  return permuted(
    values,
    ours,
    sides.map((_, axis) => order.indexOf(axis)),
  )
}
