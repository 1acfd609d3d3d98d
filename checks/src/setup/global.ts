import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { command } from './command.ts'
import { published, repository } from './published.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the packed packages. */
    tarballs: string
    /** An npm project outside the repository that has installed them. */
    project: string
  }
}

/** Packs every published package and installs the files with npm in an empty project; both are removed afterwards. */
export default async function setup(context: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'cnnkit-checks-'))
  const tarballs = join(folder, 'tarballs')
  const project = join(folder, 'project')
  await command('pnpm', ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', tarballs], {
    cwd: repository,
  })
  cpSync(join(repository, 'checks/fixtures'), project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest(tarballs), undefined, 2))
  await command('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: project })
  pictures(project)
  context.provide('tarballs', tarballs)
  context.provide('project', project)
  return () => rmSync(folder, { recursive: true, force: true })
}

/** A project that depends on the tarballs, on the peers that they ask for, and on what types of Node it takes to compile. */
function manifest(tarballs: string): object {
  const files = published.map(({ manifest, tarball }) => [manifest.name, `file:${join(tarballs, tarball)}`])
  // tfjs-node's install script fetches from a bucket; `@cnnkit/backend-node-gpu` brings it otherwise, and tests that itself.
  const peers = published
    .flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}))
    .filter(([name]) => !name.startsWith('@tensorflow/tfjs-node'))
  return {
    name: 'empty-project',
    private: true,
    type: 'module',
    dependencies: Object.fromEntries([...peers, ...files]),
    devDependencies: { '@types/node': '^20.19.0' },
  }
}

/** The pictures that the snippets name. */
function pictures(project: string): void {
  const flowers = join(repository, 'data/flowers-200')
  mkdirSync(join(project, 'data'))
  symlinkSync(flowers, join(project, 'data/flowers-200'))
  symlinkSync(flowers, join(project, 'flowers'))
  cpSync(join(flowers, 'daisy/15207766_fc2f1d692c_n.jpg'), join(project, 'daisy.jpg'))
}
