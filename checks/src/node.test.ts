import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { command } from './setup/command.ts'
import { published } from './setup/published.ts'

const cwd = inject('project')
const photo = join(cwd, 'daisy.jpg')

it('classifies a flower in plain Node', async () => {
  const output = JSON.parse(await command('node', ['classify.mjs', photo], { cwd }))
  expect(output.backend).toBe('wasm')
  expect(output.predictions[0]).toMatchObject({ id: 'n11939491', name: 'daisy' })
  expect(output.left).toBe(0)
})

it('finds the embedded weights by name where none are given', async () => {
  const [explicit, byName] = await Promise.all(
    ['classify.mjs', 'classify-default.mjs'].map((script) => command('node', [script, photo], { cwd })),
  )
  expect(JSON.parse(byName!)).toEqual(JSON.parse(explicit!).predictions)
})

it('installs each package, and TensorFlow.js, once', () => {
  const lock = JSON.parse(readFileSync(join(cwd, 'package-lock.json'), 'utf8')) as { packages: Record<string, unknown> }
  const names = [...published.map(({ manifest }) => manifest.name), '@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']
  for (const name of names) {
    const copies = Object.keys(lock.packages).filter((path) => path.endsWith(`node_modules/${name}`))
    expect(copies).toEqual([`node_modules/${name}`])
  }
})
