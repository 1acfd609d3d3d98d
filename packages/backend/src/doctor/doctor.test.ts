import { wasm } from '@cnnkit/backend-wasm'
import { getBackend, memory } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { cpu } from '../cpu.ts'
import { type BackendDriver, describeDiagnosis, doctor } from '../index.ts'
import type { Diagnosis, Machine } from './diagnosis.ts'
import type { Graphics } from './node/graphics.ts'
import { graphicsFindings } from './node/graphics-findings.ts'
import { machineFindings } from './node/machine.ts'
import { fakeProject } from './node/project.fixture.ts'
import type { Project } from './node/project.ts'

const failing = (message: string): BackendDriver => ({
  name: 'webgpu',
  probe: async () => undefined,
  start: async () => {
    throw new Error(message)
  },
})

describe('doctor', () => {
  it('tries each backend, and leaves the current one current', async () => {
    await cpu().start()
    const tensors = memory().numTensors
    const { backends } = await doctor({ drivers: [wasm({ threads: 1 }), failing('No adapter.'), cpu()] })
    expect(backends).toMatchObject([
      { name: 'wasm', works: true, report: { threads: 1 } },
      { name: 'webgpu', works: false, reason: 'No adapter.' },
      { name: 'cpu', works: true },
    ])
    expect(getBackend()).toBe('cpu')
    expect(memory().numTensors).toBe(tensors)
  })

  it('only asks them where it is told to start none', async () => {
    const { backends } = await doctor({ drivers: [failing('never started')], start: false })
    expect(backends).toEqual([{ name: 'webgpu', works: true }])
  })

  it('calls it a fault that nothing runs', async () => {
    const { findings } = await doctor({ drivers: [failing('No adapter.')] })
    expect(findings[0]).toMatchObject({ severity: 'fault', what: 'None of the backends runs here.' })
  })

  it('names what lies in the project, and no place above it', async () => {
    const folder = await fakeProject({
      '.': { name: 'app', dependencies: { '@tensorflow/tfjs-core': '*' } },
      'node_modules/@tensorflow/tfjs-core': { name: '@tensorflow/tfjs-core', version: '4.22.0' },
    })
    const diagnosis = await doctor({ folder, drivers: [failing(`Cannot load ${folder}/a.node`)] })
    expect(diagnosis.packages).toContainEqual({
      name: '@tensorflow/tfjs-core',
      version: '4.22.0',
      path: 'node_modules/@tensorflow/tfjs-core',
    })
    expect(diagnosis.backends[0]!.reason).toBe('Cannot load ./a.node')
    expect(JSON.stringify(diagnosis)).not.toContain(folder)
  })

  it('looks at this machine', async () => {
    const { runtime, machine } = await doctor()
    expect(runtime).toBe(`Node ${process.versions.node}, ${process.platform} ${process.arch}`)
    expect(machine.cores).toBeGreaterThanOrEqual(machine.usableCores)
    expect(machine.memoryBytes).toBeGreaterThan(1e8)
  })
})

const machine: Machine = { cores: 16, usableCores: 16, cards: [], details: {} }

describe('machineFindings', () => {
  it('finds more threads than the container gives cores', () => {
    expect(machineFindings(machine, 16)).toEqual([])
    expect(machineFindings({ ...machine, usableCores: 2.5 }, 16)).toMatchObject([
      {
        severity: 'warning',
        what: expect.stringContaining('2.5 cores, and wasm() would start 8 threads'),
        remedy: expect.stringMatching(/^wasm\(\{ threads: 2 \}\)/),
      },
    ])
  })
})

describe('graphicsFindings', () => {
  const project = (...names: string[]): Project => ({
    folder: '/app',
    base: '/app',
    manager: 'npm',
    packages: names.map((name) => ({ name, version: '1.0.0', folder: `/app/${name}`, node: undefined, needs: [] })),
  })
  const card: Graphics = {
    cards: ['NVIDIA L4'],
    nvidia: true,
    vulkan: { loader: true, drivers: ['nvidia'] },
    details: {},
  }

  it('says how to compute on a card that is there', () => {
    const remedies = graphicsFindings(card, project()).map(({ remedy }) => remedy)
    expect(remedies).toEqual([
      'npm install @cnnkit/backend-webgpu webgpu',
      'npm install @cnnkit/backend-node-gpu && npx @cnnkit/backend-node-gpu install',
    ])
    expect(graphicsFindings(card, project('@cnnkit/backend-webgpu', '@cnnkit/backend-node-gpu'))).toEqual([])
  })

  it('finds a Vulkan without loader or driver', () => {
    const both = project('@cnnkit/backend-webgpu', '@cnnkit/backend-node-gpu')
    const amd: Graphics = { ...card, nvidia: false, vulkan: { loader: false, drivers: [] } }
    expect(graphicsFindings(amd, both)).toMatchObject([
      {
        severity: 'warning',
        what: expect.stringMatching(/lacks its loader/),
        remedy: 'apt-get install libvulkan1 mesa-vulkan-drivers',
      },
    ])
    expect(graphicsFindings({ ...card, vulkan: { loader: true, drivers: [] } }, both)[0]).toMatchObject({
      what: expect.stringMatching(/lacks a driver/),
      remedy: expect.stringContaining('NVIDIA_DRIVER_CAPABILITIES=all'),
    })
  })
})

describe('describeDiagnosis', () => {
  it('reads as a report: what runs, what does not and why, what to do', () => {
    const diagnosis: Diagnosis = {
      runtime: 'Node 22.11.0, linux x64',
      machine: {
        processor: 'A Processor',
        cores: 8,
        usableCores: 2.5,
        memoryBytes: 32e9,
        memoryLimitBytes: 4e9,
        cards: ['AMD (/dev/dri/renderD128)'],
        details: { Vulkan: 'loader found, radeon' },
      },
      packages: [{ name: '@tensorflow/tfjs-core', version: '4.22.0', path: 'node_modules/@tensorflow/tfjs-core' }],
      backends: [
        {
          name: 'wasm',
          works: true,
          report: { backend: 'wasm', device: 'A Processor', threads: 2, details: {} },
          milliseconds: 312,
        },
        { name: 'webgpu', works: false, reason: 'No adapter.' },
      ],
      findings: [
        { severity: 'fault', what: 'A peer is missing.', remedy: 'npm install it' },
        { severity: 'note', what: 'That is so.' },
      ],
    }
    expect(describeDiagnosis(diagnosis)).toBe(`1 fault.

Runtime   Node 22.11.0, linux x64
Machine   A Processor, 8 cores, 2.5 of them for this process, 32.0 GB of memory, 4.0 GB of it for this process
Graphics  AMD (/dev/dri/renderD128)
Vulkan    loader found, radeon

Packages
  @tensorflow/tfjs-core 4.22.0  node_modules/@tensorflow/tfjs-core

Backends
  ✔ wasm       A Processor, 2 threads (started and tested in 0.3 s)
  ✘ webgpu     No adapter.

✘ A peer is missing.
  → npm install it
· That is so.`)
  })
})
