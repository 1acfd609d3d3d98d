import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
// The one place that reaches into the zoo's tests: its networks on formula weights are their means, no part of what it exports.
import { assignWeights } from '../../../zoo/src/assign-weights.ts'
import { type FormulaFile, formulaWeights, picture } from '../../../zoo/src/testing/formula.ts'
import { builtFrom, originals } from '../../../zoo/src/testing/original.ts'

/** A network of torchvision with formula weights, as reference/cam makes it. */
export interface FormulaNetwork {
  readonly model: LayersModel
  /** `[1, height, width, 3]`: the picture that its golden of the zoo was made with, at this size. */
  input(): Tensor4D
}

/** @param file of the zoo's golden: `resnet18.torchvision` */
export async function formulaNetwork(
  file: string,
  [height, width]: readonly [number, number],
): Promise<FormulaNetwork> {
  const golden = originals(/./).find((one) => one.file === `${file}.json`)!
  const original = { ...golden, input: [height, width, 3] as const }
  const { model, dialect } = await builtFrom(original)
  await assignWeights(model, formulaWeights(original), { dialects: [dialect] })
  return { model, input: () => picture(original.input, golden.pixels) }
}

/** The values of formula weights by a file's names. */
export async function formulaTensors(file: FormulaFile): Promise<readonly Float32Array[]> {
  const { tensors, close } = formulaWeights(file)
  const values = await Promise.all(tensors.map((tensor) => tensor.read()))
  await close()
  return values as Float32Array[]
}
