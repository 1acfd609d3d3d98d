import { existsSync, realpathSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { backendFindings, checkBackends } from '../check-backends.ts'
import type { BackendCheck, Diagnosis, DoctorOptions } from '../diagnosis.ts'
import { engineFindings } from '../engine-findings.ts'
import { sorted } from '../sorted.ts'
import { graphicsOf } from './graphics.ts'
import { graphicsFindings } from './graphics-findings.ts'
import { machineFindings, machineOf } from './machine.ts'
import { packageFindings } from './package-findings.ts'
import { isOurs, placeOf, projectIn } from './project.ts'
import { runtimeFindings } from './runtime-findings.ts'

/** What `doctor` does in Node. */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const { drivers = [], start = true, folder = process.cwd() } = options
  const project = projectIn(path.resolve(folder), programFolders())
  const graphics = await graphicsOf()
  const machine = machineOf(graphics)
  const backends = await checkBackends(drivers, start)
  return {
    runtime: `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    machine,
    packages: project.packages
      .filter(isOurs)
      .map(({ name, version, folder }) => ({ name, version, path: placeOf(folder, project) }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    backends: backends.map((check) => withoutPaths(check, project.base)),
    findings: sorted([
      ...backendFindings(backends),
      ...runtimeFindings(project),
      ...packageFindings(project),
      ...engineFindings(),
      ...machineFindings(machine),
      ...graphicsFindings(graphics, project),
    ]),
  }
}

/** Of this package, and of what was started: the command line, say, by a link to it. */
function programFolders(): string[] {
  const files = [fileURLToPath(import.meta.url), process.argv[1]].filter((file) => file !== undefined)
  return files.filter((file) => existsSync(file)).map((file) => path.dirname(realpathSync(file)))
}

/** Errors of others name files by their whole path. */
function withoutPaths({ reason, ...check }: BackendCheck, project: string | undefined): BackendCheck {
  if (reason === undefined) return check
  const shorter = project === undefined ? reason : reason.replaceAll(project, '.')
  return { ...check, reason: shorter.replaceAll(os.homedir(), '~') }
}
