import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { Forward } from './forward.ts'

type Step = Forward['tail']['steps'][number]

/**
 * Where a batch first leaves the numbers, found by running it again layer by layer: only after the loss did. In words, for an
 * error.
 */
export async function firstNotFinite({ parts }: Forward, x: Tensor): Promise<string> {
  const made = new Map<number, Tensor>()
  try {
    if (!(await allFinite(x))) return 'The values that come in are not finite'
    made.set(parts[0]!.trunk.from.id, x)
    const steps = parts.flatMap(({ trunk, heads }) => [trunk, ...heads].flatMap((part) => part.steps))
    for (const step of steps) {
      for (const [i, output] of run(step, made).entries()) {
        made.set(step.outputs[i]!.id, output)
        if (!(await allFinite(output))) return await blame(step)
      }
    }
    return 'All layers give finite values: the loss alone does not'
  } finally {
    for (const tensor of made.values()) if (tensor !== x) tensor.dispose()
  }
}

function run({ layer, inputs }: Step, made: ReadonlyMap<number, Tensor>): readonly Tensor[] {
  const values = inputs.map(({ id }) => made.get(id)!)
  const output = tidy(
    () => layer.apply(values.length === 1 ? values[0]! : values, { training: true }) as Tensor | Tensor[],
  )
  return Array.isArray(output) ? output : [output]
}

async function blame({ layer }: Step): Promise<string> {
  for (const weight of layer.weights) {
    if (await allFinite(weight.read())) continue
    return `The weights of ${layer.name} are not finite, since the step before or from the start`
  }
  return `${layer.name} is the first layer whose output is not finite`
}

async function allFinite(tensor: Tensor): Promise<boolean> {
  return (await tensor.data()).every(Number.isFinite)
}
