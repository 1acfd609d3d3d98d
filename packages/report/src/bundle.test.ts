import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'
import { expect, it } from 'vitest'

/** Bundles the package in pieces, one for each dynamic import. */
async function bundle(platform: 'browser' | 'node'): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform,
    format: 'esm',
    outdir: 'out',
    conditions: ['@cnnkit/source'],
  })
  return metafile
}

it('brings no document along into a browser, and linkedom into Node', async () => {
  const inputs = async (platform: 'browser' | 'node') => Object.keys((await bundle(platform)).inputs).join('\n')
  expect(await inputs('browser')).not.toContain('linkedom')
  expect(await inputs('node')).toContain('linkedom')
})

it('leaves the plot library in a piece of its own, loaded when the first chart is drawn', async () => {
  const { outputs } = await bundle('browser')
  const entry = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith('src/index.ts'))
  const loaded = new Set<string>()
  const follow = (path: string): void => {
    loaded.add(path)
    for (const { path: next, kind } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement' && !loaded.has(next)) follow(next)
  }
  follow(entry?.[0] ?? '')
  const inputs = [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))
  expect(inputs.some((path) => path.endsWith('charts/curves.ts'))).toBe(true)
  expect(inputs.filter((path) => /@observablehq|d3-/.test(path))).toEqual([])
})
