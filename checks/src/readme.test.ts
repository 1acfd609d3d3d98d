import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { command } from './setup/command.ts'
import { snippets } from './setup/snippets.ts'
import { problems } from './setup/type-check.ts'

const project = inject('project')
const folder = join(project, 'readme')
const blocks = snippets()
const all = blocks
  .filter(({ language }) => language === 'ts')
  .map((snippet) => ({ ...snippet, file: `${snippet.id}.ts` }))
const commands = blocks.filter(({ language, run }) => language === 'sh' && run)

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
}

describe('the snippets of the READMEs', () => {
  let found: readonly string[]
  beforeAll(() => {
    mkdirSync(folder)
    // What esbuild's loader for files gives.
    writeFileSync(
      join(folder, 'assets.d.ts'),
      `declare module '*.bin' {\n  const url: string\n  export default url\n}\n`,
    )
    // Blank lines before a snippet, so that the compiler's line is the README's.
    for (const { file, code, line } of all) {
      writeFileSync(join(folder, file), `${'\n'.repeat(line - 1)}${code}\nexport {}\n`)
    }
    found = problems(
      ['assets.d.ts', ...all.map(({ file }) => file)].map((file) => join(folder, file)),
      options,
    )
  })

  it('are there for the root and for every package', () => {
    expect(all.filter(({ readme }) => readme === 'README.md').length).toBeGreaterThan(0)
    expect(new Set(all.map(({ readme }) => readme)).size).toBeGreaterThan(10)
  })

  it.each(all)('compile: $readme, line $line', ({ file }) => {
    expect(found.filter((problem) => problem.startsWith(`readme/${file}:`))).toEqual([])
  })

  it.each(all.filter(({ run }) => run))('run: $readme, line $line', async ({ id, code }) => {
    const { outputText } = ts.transpileModule(code, { compilerOptions: options })
    writeFileSync(join(folder, `${id}.mjs`), outputText)
    await command('node', [join(folder, `${id}.mjs`)], { cwd: project })
  })

  it.each(commands)('do what they say in a shell: $readme, line $line', async ({ code }) => {
    await command('sh', ['-e', '-c', code], { cwd: project })
  })
})
