import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { program } from '../program.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-doctor-'))
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'app', dependencies: { '@cnnkit/layers': '*' } }),
  )
  vi.spyOn(process, 'cwd').mockReturnValue(folder)
})
afterEach(async () => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  await rm(folder, { recursive: true })
})

async function run(...args: string[]): Promise<string> {
  let printed = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text
    return true
  })
  await program('1.2.3').parseAsync(['doctor', ...args], { from: 'user' })
  write.mockRestore()
  return printed
}

describe('cnnkit doctor', () => {
  it('starts the backends that are there and says what runs where, for people', async () => {
    const out = await run()
    expect(out).toMatch(/^Nothing wrong was found\.\n\nRuntime {3}Node \d+/)
    expect(out).toMatch(/✔ wasm {7}.*, \d+ threads? \(started and tested in \d+\.\d s\)/)
    expect(process.exitCode).toBeUndefined()
  })

  it('prints the same as JSON', async () => {
    const diagnosis = JSON.parse(await run('--json', '--no-start'))
    expect(diagnosis.backends.map(({ name }: { name: string }) => name)).toEqual(['wasm', 'webgpu', 'tensorflow'])
    expect(diagnosis.packages).toContainEqual(expect.objectContaining({ name: '@cnnkit/backend' }))
  })

  it('ends with code 1 where something is wrong', async () => {
    const layers = join(folder, 'node_modules/@cnnkit/layers')
    await mkdir(layers, { recursive: true })
    const manifest = {
      name: '@cnnkit/layers',
      version: '1.0.0',
      peerDependencies: { '@tensorflow/tfjs-core': '^4.22.0' },
    }
    await writeFile(join(layers, 'package.json'), JSON.stringify(manifest))
    const out = await run('--no-start')
    expect(out).toMatch(/^1 fault\./)
    expect(out).toContain(
      '✘ @cnnkit/layers needs @tensorflow/tfjs-core ^4.22.0, which is not installed.\n  → npm install',
    )
    expect(process.exitCode).toBe(1)
  })
})
