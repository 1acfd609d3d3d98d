import {
  abs,
  argMax,
  div,
  gather,
  greaterEqual,
  matMul,
  max,
  maximum,
  mean,
  mul,
  neg,
  ones,
  reshape,
  sqrt,
  squeeze,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  unstack,
  where,
} from '@tensorflow/tfjs-core'
import { type MapFunction, mapsBy } from '../procedure.ts'

/**
 * Eigen-CAM (Muhammad and Yeasin 2020, "Eigen-CAM: class activation map using principal components"): what the grid varies
 * in most, its first principal component. It asks for no class and takes no gradient.
 *
 * Channels are centred first, as in pytorch-grad-cam. A component's sign means nothing; here its loadings add up to more than zero, so that the map
 * is high where the activations are, all in all.
 */
export const eigenCam: MapFunction = mapsBy(() => ({
  name: 'eigen-cam',
  map: ({ activations }) => {
    const [batch, height, width, channels] = activations.shape
    const pixels = reshape(activations, [batch, height * width, channels])
    const centred = unstack(sub(pixels, mean(pixels, 1, true))) as Tensor2D[]
    return reshape(stack(centred.map(firstComponent)), [batch, height, width]) as Tensor3D
  },
}))

/** The values of the first principal component in the rows of a centred matrix: `[rows, columns]` to `[rows]`. */
function firstComponent(centred: Tensor2D): Tensor1D {
  const [rows, columns] = centred.shape
  // The smaller of the two products has the same first singular value.
  const loadings =
    rows < columns
      ? matMul(centred, firstEigenvector(matMul(centred, centred, false, true)), true)
      : firstEigenvector(matMul(centred, centred, true))
  const length = maximum(sqrt(sum(mul(loadings, loadings))), 1e-30)
  const projection = squeeze<Tensor1D>(div(matMul(centred, loadings as Tensor2D), length), [1])
  return where(greaterEqual(sum(loadings), 0), projection, neg(projection))
}

/** How often the matrix is squared: a second eigenvalue of 0.999 times the first has 0.999 ** (2 ** 14), next to nothing, left. */
const SQUARINGS = 14

/**
 * The eigenvector of the largest eigenvalue of a symmetric matrix that has no negative one: `[n, n]` to `[n, 1]`. Squared
 * often enough the matrix is that vector's product with itself. Of a matrix of zeros it is zeros.
 */
function firstEigenvector(matrix: Tensor2D): Tensor2D {
  let power = scaled(matrix)
  for (let i = 0; i < SQUARINGS; i++) power = scaled(matMul(power, power))
  const [size] = matrix.shape
  const lengths = squeeze(matMul(mul(power, power) as Tensor2D, ones([size, 1])), [1])
  const longest = gather(power, reshape(argMax(lengths), [1]), 1) as Tensor2D
  // Once more with the matrix itself, which the rounding of the squares has not touched.
  return scaled(matMul(matrix, longest))
}

const scaled = <T extends Tensor>(x: T): T => div(x, maximum(max(abs(x)), 1e-30)) as T
