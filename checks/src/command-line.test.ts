import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { command } from './setup/command.ts'

const cwd = inject('project')

it('starts with npx and says what it can do', async () => {
  const help = await command('npx', ['cnnkit', '--help'], { cwd })
  for (const name of ['classify', 'train', 'evaluate', 'explain', 'summary']) expect(help).toContain(name)
})

it('says its version', async () => {
  const { version } = JSON.parse(readFileSync(join(cwd, 'node_modules/cnnkit/package.json'), 'utf8'))
  expect((await command('npx', ['cnnkit', '--version'], { cwd })).trim()).toBe(version)
})

it('classifies a flower', async () => {
  const output = await command('npx', ['cnnkit', 'classify', 'daisy.jpg', '--json'], { cwd })
  const [{ photo, predictions }] = JSON.parse(output)
  expect(photo).toBe('daisy.jpg')
  expect(predictions).toHaveLength(5)
  expect(predictions[0].name).toBe('daisy')
})

it('says what is wrong, and fails, where the file is missing', async () => {
  const run = command('npx', ['cnnkit', 'classify', 'no-such.jpg'], { cwd })
  await expect(run).rejects.toThrow(/no-such\.jpg/)
})
