import { CnnkitError } from '@cnnkit/errors'
import type { Architecture, PublishedForm, WeightsRecord } from './architecture.ts'
import type { ModelOptions } from './model-options.ts'

/** The weights on record that the options ask for; `undefined` for fresh ones and for a file of the user's. */
export function recordOf(
  { name, records }: Architecture,
  { weights, flavor }: ModelOptions,
): WeightsRecord | undefined {
  if (weights === undefined) {
    const record = records.find((candidate) => flavor === undefined || candidate.flavor === flavor)
    if (record) return record
    const form = flavor === undefined ? name : `the flavor "${flavor}" of ${name}`
    throw new CnnkitError(
      'zoo',
      'NO_WEIGHTS',
      `No published weights are on record for ${form}. Pass \`weights\` as a path or URL of a file, or \`weights: null\` for fresh ones.`,
    )
  }
  if (weights === null) return undefined
  if (typeof weights !== 'string') {
    return 'manifest' in weights ? records.find(({ tag }) => weights.tag === `${name}.${tag}`) : undefined
  }
  const record = records.find(({ tag }) => tag === weights)
  if (record || /[./\\]/.test(weights)) return record
  const tags = records.map((candidate) => `"${candidate.tag}"`).join(', ') || 'none on record'
  throw new CnnkitError(
    'zoo',
    'UNKNOWN_WEIGHTS',
    `No weights "${weights}" for ${name}. Tags: ${tags}; or a path or URL of a file.`,
  )
}

/** The form of the network that is built: the user's, else the weights', else the architecture's first. */
export function flavorOf(
  architecture: Architecture,
  options: ModelOptions,
  record: WeightsRecord | undefined,
): PublishedForm {
  const wanted = options.flavor ?? record?.flavor ?? architecture.flavors[0]!.name
  const flavor = architecture.flavors.find(({ name }) => name === wanted)
  if (!flavor || (record && record.flavor !== wanted)) {
    const names = architecture.flavors.map(({ name }) => `"${name}"`).join(', ')
    const why = flavor ? `; the weights "${record?.tag}" fit "${record?.flavor}"` : ''
    throw new CnnkitError(
      'zoo',
      'UNKNOWN_FLAVOR',
      `No flavor "${wanted}" of ${architecture.name} here. Flavors: ${names}${why}.`,
    )
  }
  return {
    ...flavor,
    normEpsilon: record?.normEpsilon ?? flavor.normEpsilon,
    normMomentum: options.normMomentum ?? flavor.normMomentum,
  }
}
