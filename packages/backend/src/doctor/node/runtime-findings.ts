import { satisfies } from 'semver'
import type { Finding } from '../diagnosis.ts'
import { isOurs, type Project } from './project.ts'

/** What is wrong with this version of Node. */
export function runtimeFindings({ packages }: Project, node: string = process.versions.node): Finding[] {
  const ranges = new Set(
    packages.filter(isOurs).flatMap(({ name, node }) => (name.startsWith('@tensorflow') ? [] : (node ?? []))),
  )
  const unfit = [...ranges].filter((range) => !satisfies(node, range))
  const native = packages.find(({ name }) => /^@tensorflow\/tfjs-node(-gpu)?$/.test(name))
  return [
    ...unfit.map(
      (range): Finding => ({
        severity: 'fault',
        what: `Node ${node} runs, and cnnkit needs ${range}.`,
        remedy: 'Install Node 22 or later: https://nodejs.org',
      }),
    ),
    ...(native !== undefined && Number.parseInt(node, 10) >= 23
      ? [
          {
            severity: 'note',
            what: `${native.name} ${native.version} by itself fails on Node 23 and later (util.isNullOrUndefined is gone); nodeGpu() of @cnnkit/backend-node-gpu puts that right.`,
          } as const,
        ]
      : []),
  ]
}
