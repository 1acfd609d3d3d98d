import type { PictureDataset } from '@cnnkit/images'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type HeadOptions, withHead } from '../heads/with-head.ts'
import type { Policy } from '../policy/policy.ts'
import { fineTuneRecipe, headRecipe, type Recipe, scratchRecipe } from '../recipes/recipe.ts'
import { type FitOptions, type FitResult, fit } from './fit.ts'

/** Options of {@link fineTune}. */
export interface FineTuneOptions extends Omit<FitOptions, 'recipe'> {
  /** Which part is trained; the classifier alone unless given. */
  readonly policy?: Policy
  /** How it is trained; one that suits the policy unless given. */
  readonly recipe?: Recipe
  /** Share dropped before the classifier in training, 0 to 1; none unless given. */
  readonly dropout?: number
  /** Which head the network gets; a linear one for classes unless given. `{ outputs: 'tags' }` and `'values'` go with pictures of `targetDataset`. */
  readonly head?: HeadChoice
}

/** A head without what {@link fineTune} knows: the names of the outputs and the seed. */
export type HeadChoice = HeadOptions extends infer Kind
  ? Kind extends HeadOptions
    ? Omit<Kind, 'classes' | 'seed'>
    : never
  : never

/** What {@link fineTune} gives. */
export interface FineTuneResult extends FitResult {
  /** The network with its head for the new classes, as one savable model. The caller disposes it. */
  readonly model: LayersModel
}

/**
 * Teaches a pretrained network new classes: puts a fresh head on it, freezes what the policy says, and trains the rest.
 *
 * ```ts
 * const { model, history } = await fineTune(await createModel('resnet50'), train, { validation, epochs: 10 })
 * ```
 *
 * The model that is handed in is used up: its layers live on in the result, and it is disposed when training fails.
 *
 * @throws what {@link fit} throws
 */
export async function fineTune(
  model: LayersModel,
  data: PictureDataset,
  options: FineTuneOptions,
): Promise<FineTuneResult> {
  const { policy = 'head', recipe = recipeFor(policy), dropout = 0, seed = 0, head } = options
  const tuned = withHead(model, { dropout, ...head, classes: data.classes, seed })
  try {
    return { model: tuned, ...(await fit(tuned, data, { ...options, policy, recipe })) }
  } catch (error) {
    tuned.dispose()
    throw error
  }
}

function recipeFor(policy: Policy): Recipe {
  if (policy === 'head') return headRecipe
  return policy === 'all' ? scratchRecipe : fineTuneRecipe
}
