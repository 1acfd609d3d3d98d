import { CnnkitError } from '@cnnkit/errors'
import type { Architecture, PublishedForm, WeightsRecord } from './architecture.ts'
import { auxiliaryHeads, type BuildPlan, inputShapeOf, minimumSizeOf } from './build-network.ts'
import type { ModelOptions } from './model-options.ts'

/** What the form that is built must be able to be. */
type Plan = Pick<BuildPlan, 'flavor' | 'record'>

/**
 * Checks what the options ask of the network before anything is fetched.
 *
 * @param flavors the forms that it may turn out to be: several where a file's names will tell
 * @returns the first that can be what is asked for
 * @throws `BAD_INPUT_SHAPE`, `BAD_CLASSES`, `NO_AUXILIARY`, for the first where none can
 */
export function checkOptions(
  architecture: Architecture,
  options: ModelOptions,
  flavors: readonly [PublishedForm, ...PublishedForm[]],
  record?: WeightsRecord,
): PublishedForm {
  const classes = options.classes ?? 1
  if (!Number.isInteger(classes) || classes < 1) {
    throw new CnnkitError('zoo', 'BAD_CLASSES', `\`classes\` is ${classes}; it is a whole number from 1.`)
  }
  const problems = flavors.map((flavor) => problemOf(architecture, options, { flavor, record }))
  const fitting = flavors[problems.indexOf(undefined)]
  if (fitting) return fitting
  throw problems[0]
}

/** Why a form of the network cannot be what the options ask for. */
function problemOf(architecture: Architecture, options: ModelOptions, plan: Plan): CnnkitError | undefined {
  const { auxiliary = false } = options
  const shape = inputShapeOf(architecture, options, plan)
  return (
    problemOfHeads(architecture, options, plan.flavor) ??
    problemOfSides(architecture, shape, { flavor: plan.flavor, auxiliary }) ??
    problemOfChannels(architecture, shape)
  )
}

type Shape = readonly (number | null)[]

function problemOfSides(
  architecture: Architecture,
  shape: Shape,
  { flavor, auxiliary }: { readonly flavor: PublishedForm; readonly auxiliary: boolean },
): CnnkitError | undefined {
  const least = minimumSizeOf(architecture, flavor, auxiliary)
  const { multipleOf = 1 } = flavor
  const fits = (side: number | null): boolean =>
    side === null || (Number.isInteger(side) && side >= least && side % multipleOf === 0)
  const wrong = shape.slice(0, 2).find((side) => !fits(side))
  if (wrong === undefined) return undefined
  const { name, flavors } = architecture
  const form = flavors.length === 1 ? name : `${name} in the flavor "${flavor.name}"`
  const heads = least > minimumSizeOf(architecture, flavor) ? ' with its auxiliary heads' : ''
  const isSmall = !(wrong! >= least)
  const rule = isSmall ? `at least ${least}` : multipleOf > 1 ? `multiples of ${multipleOf}` : 'whole numbers'
  const said = `Input [${shape.join(', ')}] ${isSmall ? 'is too small for' : 'does not suit'} ${form}${heads}`
  return new CnnkitError('zoo', 'BAD_INPUT_SHAPE', `${said}: height and width are ${rule}.`)
}

function problemOfChannels({ name }: Architecture, shape: Shape): CnnkitError | undefined {
  const channels = shape[2]
  if (typeof channels === 'number' && Number.isInteger(channels) && channels >= 1) return undefined
  return new CnnkitError(
    'zoo',
    'BAD_INPUT_SHAPE',
    `Input [${shape.join(', ')}] says no number of channels; ${name} takes 3, or any other whole number from 1.`,
  )
}

function problemOfHeads(
  architecture: Architecture,
  { auxiliary, includeTop }: ModelOptions,
  flavor: PublishedForm,
): CnnkitError | undefined {
  const hasHeads = (form: PublishedForm): boolean => auxiliaryHeads(architecture, form).length > 0
  if (!auxiliary || (hasHeads(flavor) && includeTop !== false)) return undefined
  const { name, flavors } = architecture
  const others = flavors.filter(hasHeads).map((form) => `"${form.name}"`)
  const one = others.length > 0 ? `${name} in the flavor "${flavor.name}"` : name
  const why = hasHeads(flavor) ? 'a network without its top' : `${one}, whose original has none`
  const remedy = hasHeads(flavor) || others.length === 0 ? 'Leave' : `Take the flavor ${others.join(' or ')}, or leave`
  return new CnnkitError('zoo', 'NO_AUXILIARY', `\`auxiliary\` asks for auxiliary heads of ${why}. ${remedy} it out.`)
}
