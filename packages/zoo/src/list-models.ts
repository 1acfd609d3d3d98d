import { type ModelName, modelNames } from './models.ts'

/** Options of {@link listModels}. */
export interface ListOptions {
  /** Names as a shell has them for files: `*` is any characters, `?` one; `'resnet*'`, `'*_v2*'`. All names unless given. */
  readonly filter?: string
  /** `true`: only networks with published weights on record; `false`: only those without; all unless given. */
  readonly weights?: boolean
}

/** Networks that nobody published weights of in a format that is read here. */
const untrained: ReadonlySet<ModelName> = new Set([
  'plain18',
  'plain34',
  'plain20_cifar',
  'plain32_cifar',
  'plain44_cifar',
  'plain56_cifar',
  'plain110_cifar',
  'densenet40_cifar',
  'densenet100_cifar',
])

/**
 * The names of the zoo's networks, by family and year: `listModels({ filter: 'resnet*', weights: true })`.
 *
 * @returns an empty list where none fits
 */
export function listModels({ filter = '*', weights }: ListOptions = {}): readonly ModelName[] {
  const pattern = asRegExp(filter)
  return modelNames.filter((name) => pattern.test(name) && (weights === undefined || weights !== untrained.has(name)))
}

function asRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`)
}
