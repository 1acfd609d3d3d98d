import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('tells the truth in the README: its snippet runs and writes a page and a chart', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const [, contents = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(`${root}README.md`, 'utf8')) ?? []
  const folder = mkdtempSync(`${root}node_modules/.readme-`)
  const before = process.cwd()
  try {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      external: ['linkedom', '@observablehq/plot'],
      conditions: ['@cnnkit/source'],
    })
    writeFileSync(`${folder}/snippet.mjs`, outputFiles[0]?.text ?? '')
    process.chdir(folder)
    await import(/* @vite-ignore */ `${folder}/snippet.mjs`)
    expect(readFileSync('report.html', 'utf8')).toContain('75.0\u00A0%')
    expect(readFileSync('loss.svg', 'utf8')).toMatch(/^<svg .*frozen body/s)
  } finally {
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
  }
})
