import { add, mul, reshape, sum, type Tensor, zeros } from '@tensorflow/tfjs-core'
import { composed, type ScaleAndShift } from './affine.ts'
import type { Unit } from './unit.ts'

/** The weights of a unit's layer in the layer's order, with what is folded into them. Those that nothing changes are the network's own. Call it in a tidy. */
export function weightsOf(unit: Unit): readonly Tensor[] {
  const given = unit.layer.weights.map((weight) => weight.read())
  if (!isChanged(unit)) return given
  const { useBias } = unit.layer.getConfig() as { useBias: boolean }
  const kernels = useBias ? given.slice(0, -1) : given
  const kernel = kernels.at(-1)!
  const filters = unit.outputs[0]!.symbol.shape.at(-1)!
  let folded = { kernel, bias: useBias ? given.at(-1)! : (zeros([filters]) as Tensor) }
  if (unit.before.length > 0) folded = foldedBefore(unit, folded, composed(unit.before))
  if (unit.after.length > 0) folded = foldedAfter(unit, folded, composed(unit.after))
  return [...kernels.slice(0, -1), folded.kernel, folded.bias]
}

/** Whether a unit's weights are other than its layer's. */
export function isChanged({ before, after }: Unit): boolean {
  return before.length + after.length > 0
}

interface Folded {
  readonly kernel: Tensor
  readonly bias: Tensor
}

/** w (s x + t) + b = (w s) x + (sum of w t + b). */
function foldedBefore({ kind }: Unit, { kernel, bias }: Folded, { scale, shift }: ScaleAndShift): Folded {
  // Channels are the last axis but one: [units in, units out], [height, width, channels, filters] or [.., channels, multiplier].
  const column = [scale.shape[0], 1]
  const shifted = mul(kernel, reshape(shift, column))
  const shares = kind === 'dense' ? [0] : kind === 'depthwise' ? [0, 1] : [0, 1, 2]
  return {
    kernel: mul(kernel, reshape(scale, column)),
    bias: add(bias, reshape(sum(shifted, shares), bias.shape)),
  }
}

/** s (w x + b) + t = (s w) x + (s b + t). */
function foldedAfter({ kind }: Unit, { kernel, bias }: Folded, { scale, shift }: ScaleAndShift): Folded {
  const outputs = kind === 'depthwise' ? reshape(scale, kernel.shape.slice(2)) : scale
  return { kernel: mul(kernel, outputs), bias: add(mul(bias, scale), shift) }
}
