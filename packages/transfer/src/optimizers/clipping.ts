import {
  add,
  clipByValue,
  div,
  minimum,
  mul,
  type NamedTensorMap,
  sqrt,
  square,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'

/** What holds gradients back before the rule, as data. */
export type Clipping =
  | {
      /** Each number is held between -`at` and `at`. */
      readonly kind: 'value'
      /** The most that is let through. */
      readonly at: number
    }
  | {
      /** All gradients are shrunk together so that their common length is at most `at` (Pascanu et al. 2013). */
      readonly kind: 'norm'
      /** The most that is let through. */
      readonly at: number
    }

/**
 * Gradients held back, as `torch.nn.utils.clip_grad_norm_` and `clip_grad_value_` do, before any weight decay. The caller disposes
 * both the given ones and these.
 */
export function clipped(gradients: NamedTensorMap, { kind, at }: Clipping): NamedTensorMap {
  return tidy(() => {
    const shrink = kind === 'value' ? undefined : factor(Object.values(gradients), at)
    return Object.fromEntries(
      Object.entries(gradients).map(([name, gradient]) => [
        name,
        shrink ? mul(gradient, shrink) : clipByValue(gradient, -at, at),
      ]),
    )
  })
}

/** What keeps the common length below a threshold; it stays on the device, as waiting for it would stall a GPU. */
function factor(gradients: readonly Tensor[], threshold: number): Tensor {
  const squares = gradients.map((gradient) => sum(square(gradient)))
  const length = sqrt(squares.reduce((total, one) => add(total, one)))
  return minimum(div(threshold, add(length, 1e-6)), 1)
}
