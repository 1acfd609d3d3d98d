import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { withAlias } from '../memory/alias.ts'
import { free, offsetOf, reshaped } from '../memory/heap.ts'
import { nativeOf } from './native.ts'

// Measured, in nanoseconds a value, on one core: a transposed copy, and the packing that XNNPACK does to a right side.
export const transposing = 2
export const packing = 4

/**
 * A matrix product of which one or both sides are transposed, `[m, k]` times `[k, n]` after that. The caller disposes
 * of the result.
 *
 * XNNPACK takes no side transposed, and TensorFlow.js' loop for that case takes ten times as long. So sides are
 * transposed beforehand; or the whole product is, which swaps the sides and so may spare the larger one.
 */
export function product(
  backend: BackendWasm,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): TensorInfo {
  const [m, k] = transposeA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!]
  const n = transposeB ? b.shape[0]! : b.shape[1]!
  const [sizeA, sizeB] = [m * k, k * n]
  const straight = transposing * ((transposeA ? sizeA : 0) + (transposeB ? sizeB : 0)) + packing * sizeB
  const swapped = transposing * ((transposeA ? 0 : sizeA) + (transposeB ? 0 : sizeB) + m * n) + packing * sizeA
  if (straight <= swapped) return multiply(backend, a, b, transposeA, transposeB, [m, n])
  const result = multiply(backend, b, a, !transposeB, !transposeA, [n, m])
  const turned = transposed(backend, result)
  free(backend, result)
  return turned
}

function multiply(
  backend: BackendWasm,
  left: TensorInfo,
  right: TensorInfo,
  transposeLeft: boolean,
  transposeRight: boolean,
  shape: [number, number],
): TensorInfo {
  const turnedLeft = transposeLeft ? transposed(backend, left) : undefined
  const turnedRight = transposeRight ? transposed(backend, right) : undefined
  const result = backend.makeOutput(shape, 'float32')
  const { matMul } = nativeOf(backend)
  if (turnedRight !== undefined) matMul(turnedLeft ?? left, turnedRight, result)
  // The packing is cached by the tensor's identity, whatever its shape then was: so under one of our own.
  else withAlias(backend, right.shape, offsetOf(backend, right), (own) => matMul(turnedLeft ?? left, own, result))
  free(backend, turnedLeft, turnedRight)
  return result
}

/** The transposed matrix as a new tensor, which the caller disposes of. */
function transposed(backend: BackendWasm, matrix: TensorInfo): TensorInfo {
  const [rows, columns] = matrix.shape as [number, number]
  const result = backend.makeOutput([columns, rows], 'float32')
  nativeOf(backend).transpose(reshaped(matrix, [rows, columns]), result)
  return result
}
