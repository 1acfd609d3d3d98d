import type { Branches } from '@cnnkit/layers'
import type { Rule } from './dialect.ts'

/**
 * Rules for convolutions that a framework only counts, each with its norm: `conv2d`, `batch_normalization`, then `conv2d_1`,
 * `batch_normalization_1`, ... as Keras names layers in the order in which they are made.
 *
 * @param paths of the convolutions, in that order
 * @param first what the count starts from: 0 in Keras today, where the first has no number at all; 1 in Keras 2.0 to 2.2
 */
export function countedNames(paths: readonly string[], first: 0 | 1): readonly Rule[] {
  return paths.flatMap((path, i): Rule[] => {
    const count = i + first === 0 ? '' : `_${i + first}`
    return [
      [path, `conv2d${count}`],
      [`${path}.norm`, `batch_normalization${count}`],
    ]
  })
}

/** The paths of the convolutions in the branches of a module, in the order in which they are made. */
export function convolutionPaths(branches: Branches, module: string): readonly string[] {
  return Object.entries(branches).flatMap(([name, steps]) => {
    let convolutions = 0
    return steps.flatMap((step) => {
      if ('split' in step) return convolutionPaths(step.split, `${module}.${name}`)
      return 'pool' in step ? [] : [`${module}.${name}.conv${++convolutions}`]
    })
  })
}
