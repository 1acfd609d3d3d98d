import { satisfies } from 'semver'
import type { Finding } from '../diagnosis.ts'
import { dedupeCommand, installCommand, overrideCommand } from './commands.ts'
import type { InstalledPackage, Need } from './package-graph.ts'
import { isOurs, type Project, placeOf } from './project.ts'

const core = '@tensorflow/tfjs-core'
const layers = '@tensorflow/tfjs-layers'

/** What is wrong with the packages of a project. */
export function packageFindings(project: Project): Finding[] {
  const none: Finding = {
    severity: 'note',
    what: 'There is no package.json here, so only the packages of this program itself were looked at.',
    remedy: 'Run it in the folder of your project.',
  }
  return [
    ...(project.folder === undefined ? [none] : []),
    ...copyFindings(project),
    ...peerFindings(project),
    ...versionFindings(project),
    ...bundleFindings(project),
  ]
}

/** Of tfjs-core there must be one, of tfjs-layers too: each holds a registry. */
function copyFindings(project: Project): Finding[] {
  return [core, layers].flatMap((name) => {
    const copies = project.packages.filter((found) => found.name === name)
    if (copies.length < 2) return []
    const versions = new Set(copies.map(({ version }) => version))
    const places = copies.map((copy) => `${copy.version} in ${placeOf(copy.folder, project)}${usersOf(copy, project)}`)
    return [
      {
        severity: versions.size > 1 ? 'fault' : 'warning',
        what: `${copies.length} copies of ${name}: ${places.join('; ')}. ${whatCopiesDo(name, versions.size > 1)}`,
        remedy: oneCopy(name, copies, project),
      },
    ]
  })
}

function whatCopiesDo(name: string, differ: boolean): string {
  if (name === layers) return 'A layer of one is unknown to models of the other.'
  return differ
    ? 'The one that loads first runs for both, so that kernels, gradients and flags of the other are missing or fail.'
    : 'They share one engine, so numbers are right, but a tensor of one is no "instanceof Tensor" for the other.'
}

function usersOf({ folder }: InstalledPackage, { packages }: Project): string {
  const users = packages.filter(({ needs }) => needs.some((need) => need.folder === folder)).map(({ name }) => name)
  const shown = [...new Set(users)].slice(0, 4)
  const more = users.length > shown.length ? ' and others' : ''
  return shown.length === 0 ? '' : ` (for ${shown.join(', ')}${more})`
}

function oneCopy(name: string, copies: readonly InstalledPackage[], { packages, manager }: Project): string {
  const wanted = newest(copies)
  const ranges = needsFor(name, packages).map(({ need }) => need.range)
  return ranges.every((range) => fits(wanted, range)) ? dedupeCommand(manager) : overrideCommand(manager, name, wanted)
}

function newest(copies: readonly InstalledPackage[]): string {
  return copies
    .map(({ version }) => version)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1)!
}

interface Asked {
  readonly by: InstalledPackage
  readonly need: Need
}

function needsFor(name: string, packages: readonly InstalledPackage[]): Asked[] {
  return packages.flatMap((by) => by.needs.filter((need) => need.name === name).map((need) => ({ by, need })))
}

/** Peers that are missing, or there in another version than is asked for. */
function peerFindings({ packages, manager }: Project): Finding[] {
  const byFolder = new Map(packages.map((found) => [found.folder, found]))
  const peers = packages
    .filter(isOurs)
    .flatMap((by) => by.needs.filter(({ peer }) => peer).map((need) => ({ by, need })))
  const missing = peers.filter(({ need }) => need.folder === undefined && !need.optional)
  const wrong = peers.filter(({ need }) => {
    const version = byFolder.get(need.folder ?? '')?.version
    return version !== undefined && !fits(version, need.range)
  })
  return [
    ...grouped(missing).map(
      ([{ need }, users]): Finding => ({
        severity: 'fault',
        what: `${users} ${users.includes(',') ? 'need' : 'needs'} ${need.name} ${need.range}, which is not installed.`,
        remedy: installCommand(manager, `"${need.name}@${need.range}"`),
      }),
    ),
    ...grouped(wrong).map(
      ([{ need }, users]): Finding => ({
        severity: 'fault',
        what: `${users} ${users.includes(',') ? 'need' : 'needs'} ${need.name} ${need.range}, and ${byFolder.get(need.folder!)!.version} is installed.`,
        remedy: installCommand(manager, `"${need.name}@${need.range}"`),
      }),
    ),
  ]
}

/** What is asked for in the same words, with all who ask. */
function grouped(asked: readonly Asked[]): [Asked, string][] {
  const wordsOf = ({ need }: Asked): string => `${need.name} ${need.range}`
  const firsts = asked.filter((one, i) => asked.findIndex((other) => wordsOf(other) === wordsOf(one)) === i)
  return firsts.map((first) => {
    const users = asked.filter((other) => wordsOf(other) === wordsOf(first)).map(({ by }) => by.name)
    return [first, [...new Set(users)].join(', ')]
  })
}

/** TensorFlow.js publishes its packages together, and they are used so. */
function versionFindings({ packages, manager }: Project): Finding[] {
  const version = packages.find(({ name }) => name === core)?.version
  if (version === undefined) return []
  const others = packages.filter(
    (found) =>
      /^@tensorflow\/tfjs-(backend|layers|node|converter|data)/.test(found.name) && minor(found) !== minor({ version }),
  )
  if (others.length === 0) return []
  return [
    {
      severity: 'warning',
      what: `${others.map(({ name, version }) => `${name} ${version}`).join(', ')} beside tfjs-core ${version}: the packages of TensorFlow.js go together.`,
      remedy: installCommand(manager, ...others.map(({ name }) => `${name}@${version}`)),
    },
  ]
}

const minor = ({ version }: { readonly version: string }): string => version.split('.').slice(0, 2).join('.')

function bundleFindings({ packages }: Project): Finding[] {
  if (!packages.some(({ name }) => name === layers)) return []
  return [
    {
      severity: 'note',
      what: 'In Node the bundle of @tensorflow/tfjs-layers holds tfjs-core\'s classes a second time, whatever is installed. The engine is shared and numbers are right; only "instanceof Tensor" and chained operations (x.mul(y)) do not work on its tensors: call functions, mul(x, y).',
    },
  ]
}

/** Ranges that are no versions (workspace:, file:, git) fit anything. */
function fits(version: string, range: string): boolean {
  return (
    /^(workspace|file|link|catalog|git|http|npm):?/.test(range) ||
    satisfies(version, range, { includePrerelease: true })
  )
}
