import { type Tensor, zeros } from '@tensorflow/tfjs-core'
import { initializers } from '@tensorflow/tfjs-layers'

/**
 * Builds networks whose weights nothing is drawn for: they are zeros, or ones where the layer says so. Drawing them takes
 * most of the time of a network that is built, and here they get values by a formula next, or none at all.
 */
export async function withoutDrawing<Result>(build: () => Promise<Result>): Promise<Result> {
  const drawing = [
    initializers.varianceScaling({ scale: 1, mode: 'fanIn', distribution: 'normal' }),
    initializers.truncatedNormal({}),
    initializers.randomNormal({}),
    initializers.randomUniform({}),
  ].map(ownerOfApply)
  const before = drawing.map(({ apply }) => apply)
  for (const prototype of drawing) prototype.apply = (shape, dtype) => zeros([...shape], dtype as 'float32')
  try {
    return await build()
  } finally {
    drawing.forEach((prototype, i) => {
      prototype.apply = before[i]!
    })
  }
}

interface Drawing {
  apply: (shape: readonly number[], dtype?: string) => Tensor
}

function ownerOfApply(initializer: object): Drawing {
  let owner = initializer
  while (!Object.hasOwn(owner, 'apply')) owner = Object.getPrototypeOf(owner) as object
  return owner as Drawing
}
