import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, inject, it } from 'vitest'
import { command } from './setup/command.ts'
import { problems } from './setup/type-check.ts'

const cwd = inject('project')
const consumer = join(cwd, 'consumer.ts')

const resolutions = [
  { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
]

it.each(resolutions)('compiles a strict project (module $module, resolution $moduleResolution)', (options) => {
  expect(problems([consumer], options)).toEqual([])
})

it('gives declarations that are right in themselves, without skipLibCheck', () => {
  const options = { ...resolutions[0], skipLibCheck: false }
  expect(problems([consumer], options).filter((problem) => /^node_modules\/(@cnnkit|cnnkit)\//.test(problem))).toEqual(
    [],
  )
})

it('runs what was compiled', async () => {
  const text = ts.sys.readFile(consumer)!
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { ...resolutions[2], target: ts.ScriptTarget.ES2022 },
  })
  writeFileSync(join(cwd, 'consumer.mjs'), outputText)
  const output = JSON.parse(await command('node', ['consumer.mjs', 'daisy.jpg'], { cwd }))
  expect(output.predictions[0].name).toBe('daisy')
  expect(output).toMatchObject({
    sizes: [true, true],
    architecture: 'mobilenet_v1_025',
    parameters: 475_544,
    tensors: 137,
    classes: 1000,
  })
})
