import { CnnkitError } from '@cnnkit/errors'
import type { PictureDataset } from '@cnnkit/images'

/**
 * What a picture of each class counts in the loss: `balanced` gives each class the same share, as scikit-learn's (pictures / (classes *
 * pictures of the class)); or a number for each class, in order or by name, 1 for those that are not named.
 */
export type ClassWeights = 'balanced' | readonly number[] | Readonly<Record<string, number>>

/**
 * A weight for each class of a data set, in order.
 *
 * @throws `BAD_CLASS_WEIGHTS` for another number of them, unknown names, or what is no number above 0
 */
export function classWeightsOf(data: PictureDataset, weights: ClassWeights): readonly number[] {
  const list = weights === 'balanced' ? balanced(data) : isList(weights) ? weights : named(data, weights)
  const good = list.length === data.classes.length && list.every((weight) => Number.isFinite(weight) && weight >= 0)
  if (good) return list
  throw refused(`[${list.join(', ')}] for ${data.classes.length} classes. Give each a number from 0 up.`)
}

function balanced({ size, classes, label }: PictureDataset): readonly number[] {
  const counts = classes.map(() => 0)
  for (let i = 0; i < size; i++) counts[label(i)]!++
  return counts.map((count) => (count === 0 ? 0 : size / (classes.length * count)))
}

function named({ classes }: PictureDataset, weights: Readonly<Record<string, number>>): readonly number[] {
  const unknown = Object.keys(weights).filter((name) => !classes.includes(name))
  if (unknown.length > 0) throw refused(`one for "${unknown[0]}". The classes are ${classes.slice(0, 8).join(', ')}.`)
  return classes.map((name) => weights[name] ?? 1)
}

const isList = (weights: Exclude<ClassWeights, string>): weights is readonly number[] => Array.isArray(weights)

const refused = (what: string): CnnkitError =>
  new CnnkitError('transfer', 'BAD_CLASS_WEIGHTS', `The class weights are ${what}`)
