import { describe, expect, it } from 'vitest'
import { packageFindings } from './package-findings.ts'
import { packagesFrom } from './package-graph.ts'
import { type FakeManifest, fakeProject } from './project.fixture.ts'
import { type Project, placeOf, projectIn } from './project.ts'
import { runtimeFindings } from './runtime-findings.ts'

const core = (version: string): FakeManifest => ({ name: '@tensorflow/tfjs-core', version })
const layers: FakeManifest = {
  name: '@cnnkit/layers',
  version: '1.0.0',
  engines: { node: '>=20.19' },
  peerDependencies: { '@tensorflow/tfjs-core': '^4.22.0' },
}

/** The project alone, without the packages that this test runs on. */
async function looked(packages: Readonly<Record<string, FakeManifest>>, lockFile?: string): Promise<Project> {
  const folder = await fakeProject(packages, lockFile)
  return { ...projectIn(folder, []), packages: packagesFrom([folder], folder) }
}

const app = (dependencies: Record<string, string>): FakeManifest => ({ name: 'app', dependencies })

describe('packageFindings', () => {
  it('finds nothing in a project that is in order', async () => {
    const project = await looked({
      '.': app({ '@cnnkit/layers': '^1.0.0', '@tensorflow/tfjs-core': '^4.22.0' }),
      'node_modules/@cnnkit/layers': layers,
      'node_modules/@tensorflow/tfjs-core': core('4.22.0'),
    })
    expect(project.packages.map(({ name }) => name)).toEqual(['app', '@cnnkit/layers', '@tensorflow/tfjs-core'])
    expect(packageFindings(project)).toEqual([])
  })

  it('finds two copies of one version, says for whom and what it does, and the command', async () => {
    const project = await looked({
      '.': app({ '@cnnkit/layers': '^1.0.0', '@tensorflow/tfjs-core': '^4.22.0', charts: '^2.0.0' }),
      'node_modules/@cnnkit/layers': layers,
      'node_modules/@tensorflow/tfjs-core': core('4.22.0'),
      'node_modules/charts': { name: 'charts', version: '2.1.0', dependencies: { '@tensorflow/tfjs-core': '^4.20.0' } },
      'node_modules/charts/node_modules/@tensorflow/tfjs-core': core('4.22.0'),
    })
    expect(packageFindings(project)).toEqual([
      {
        severity: 'warning',
        what: '2 copies of @tensorflow/tfjs-core: 4.22.0 in node_modules/@tensorflow/tfjs-core (for app, @cnnkit/layers); 4.22.0 in node_modules/charts/node_modules/@tensorflow/tfjs-core (for charts). They share one engine, so numbers are right, but a tensor of one is no "instanceof Tensor" for the other.',
        remedy: 'npm dedupe',
      },
    ])
  })

  it('finds two versions that no range brings together, and how to make it one', async () => {
    const tree = {
      '.': app({ '@tensorflow/tfjs-core': '^4.22.0', old: '^1.0.0' }),
      'node_modules/@tensorflow/tfjs-core': core('4.22.0'),
      'node_modules/old': { name: 'old', version: '1.0.0', dependencies: { '@tensorflow/tfjs-core': '~3.9.0' } },
      'node_modules/old/node_modules/@tensorflow/tfjs-core': core('3.9.0'),
    }
    const [finding] = packageFindings(await looked(tree))
    expect(finding).toMatchObject({
      severity: 'fault',
      what: expect.stringMatching(
        /4\.22\.0 in .* \(for app\); 3\.9\.0 in .* \(for old\)\. The one that loads first runs for both/,
      ),
      remedy: 'npm pkg set "overrides[@tensorflow/tfjs-core]=4.22.0" && npm install',
    })
    expect(packageFindings(await looked(tree, 'yarn.lock'))[0]!.remedy).toMatch(/resolutions\[.*&& yarn install/)
    expect(packageFindings(await looked(tree, 'pnpm-lock.yaml'))[0]!.remedy).toMatch(
      /overrides: .* in pnpm-workspace\.yaml/,
    )
  })

  it('finds a peer that is missing, once for all that need it', async () => {
    const project = await looked({
      '.': app({ '@cnnkit/layers': '^1.0.0', '@cnnkit/cam': '^1.0.0' }),
      'node_modules/@cnnkit/layers': layers,
      'node_modules/@cnnkit/cam': { ...layers, name: '@cnnkit/cam' },
    })
    expect(packageFindings(project)).toEqual([
      {
        severity: 'fault',
        what: '@cnnkit/layers, @cnnkit/cam need @tensorflow/tfjs-core ^4.22.0, which is not installed.',
        remedy: 'npm install "@tensorflow/tfjs-core@^4.22.0"',
      },
    ])
  })

  it('lets an optional peer be missing, and finds one of a wrong version', async () => {
    const backend: FakeManifest = {
      name: '@cnnkit/backend-webgpu',
      version: '1.0.0',
      peerDependencies: { webgpu: '^0.6.0' },
      peerDependenciesMeta: { webgpu: { optional: true } },
    }
    const tree = { '.': app({ '@cnnkit/backend-webgpu': '*' }), 'node_modules/@cnnkit/backend-webgpu': backend }
    expect(packageFindings(await looked(tree))).toEqual([])
    const old = { ...tree, 'node_modules/webgpu': { name: 'webgpu', version: '0.3.1' } }
    expect(packageFindings(await looked(old, 'pnpm-lock.yaml'))).toEqual([
      {
        severity: 'fault',
        what: '@cnnkit/backend-webgpu needs webgpu ^0.6.0, and 0.3.1 is installed.',
        remedy: 'pnpm add "webgpu@^0.6.0"',
      },
    ])
  })

  it('finds packages of TensorFlow.js that do not go together', async () => {
    const wasm = '@tensorflow/tfjs-backend-wasm'
    const project = await looked({
      '.': app({ '@tensorflow/tfjs-core': '^4.22.0', [wasm]: '^4.10.0' }),
      'node_modules/@tensorflow/tfjs-core': core('4.22.0'),
      [`node_modules/${wasm}`]: { name: wasm, version: '4.10.0' },
    })
    expect(packageFindings(project)).toEqual([
      {
        severity: 'warning',
        what: `${wasm} 4.10.0 beside tfjs-core 4.22.0: the packages of TensorFlow.js go together.`,
        remedy: `npm install ${wasm}@4.22.0`,
      },
    ])
  })

  it('says what is in the bundle of tfjs-layers, and that numbers are right', async () => {
    const project = await looked({
      '.': app({ '@tensorflow/tfjs-layers': '^4.22.0' }),
      'node_modules/@tensorflow/tfjs-layers': { name: '@tensorflow/tfjs-layers', version: '4.22.0' },
    })
    const [finding] = packageFindings(project)
    expect(finding).toMatchObject({ severity: 'note', what: expect.stringContaining('numbers are right') })
  })

  it('says so where there is no project', async () => {
    const project: Project = { folder: undefined, base: undefined, manager: 'npm', packages: [] }
    expect(packageFindings(project)[0]!.what).toMatch(/no package\.json here/)
  })
})

describe('placeOf', () => {
  it('names nothing above the project', () => {
    const project: Project = { folder: '/home/ann/app', base: '/home/ann/app', manager: 'npm', packages: [] }
    expect(placeOf('/home/ann/app', project)).toBe('.')
    expect(placeOf('/home/ann/app/node_modules/a', project)).toBe('node_modules/a')
    expect(placeOf('/usr/lib/node_modules/cnnkit/node_modules/b', project)).toBe('…/node_modules/b')
    expect(placeOf('/home/ann/other', project)).toBe('…/other')
  })
})

describe('runtimeFindings', () => {
  it('finds a Node that is too old, and one on which tfjs-node needs help', async () => {
    const project = await looked({
      '.': app({ '@cnnkit/layers': '*', '@tensorflow/tfjs-node': '*' }),
      'node_modules/@cnnkit/layers': layers,
      'node_modules/@tensorflow/tfjs-node': { name: '@tensorflow/tfjs-node', version: '4.22.0' },
    })
    expect(runtimeFindings(project, '20.19.0')).toEqual([])
    expect(runtimeFindings(project, '18.20.0')).toMatchObject([
      { severity: 'fault', what: 'Node 18.20.0 runs, and cnnkit needs >=20.19.' },
    ])
    expect(runtimeFindings(project, '24.1.0')).toMatchObject([
      { severity: 'note', what: expect.stringContaining('util.isNullOrUndefined is gone') },
    ])
  })
})
