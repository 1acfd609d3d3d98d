import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readZooKernels } from '../data.ts'
import { backendsPage } from './page.ts'
import { pageData, pageFile } from './write-page.ts'

const page = readFileSync(pageFile, 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('| `'))

describe('docs/backends.md', () => {
  it('is what the results say', () => {
    expect(backendsPage(pageData()), 'pnpm --filter conformance start page').toBe(page)
  })

  it('has a row for every network and every kernel of the zoo', () => {
    const names = rows.map((row) => row.split('`')[1])
    const { networks, kernels } = readZooKernels()
    expect(names).toEqual([...Object.keys(networks), ...kernels])
  })

  it('says of every place that was not run why', () => {
    for (const [title, why] of Object.entries(pageData().notRun))
      expect(page).toContain(`| ${title} | not run here: ${why} |`)
  })

  it('sets in bold what is beyond a bar, and tells it in words', () => {
    const data = pageData()
    const [id, place] = Object.entries(data.results)[0]!
    const failed = { line: 'Add a:[1] b:[1] {}', error: 0.5 }
    const kernels = [{ kernel: 'Add', form: 'own' as const, calls: 2, worst: 0.5, failed: 1, example: failed }]
    const works = {
      infer: { error: 0.2, at: 'logits' },
      gradient: { error: 0.03, at: 'kernel', ownSpread: 0.05 },
      step: { error: 0 },
      map: { failure: 'no kernel' },
    }
    const network = { network: 'vgg16', flavor: 'keras', size: 64, reference: 'cpu', sets: 3, works } as const
    const told = backendsPage({ ...data, results: { [id]: { ...place, kernels, networks: { a: network } } } })
    expect(told).toContain('**2e-1** · 3e-2 of 5e-2 · **fails** `3`')
    expect(told).toContain(`- ${place.title}, Add: 1 of 2 calls, worst 5e-1, such as \`Add a:[1] b:[1] {}\``)
    expect(told).toContain(`- ${place.title}, vgg16, map: no kernel`)
    expect(told).not.toContain('vgg16, gradient')
  })

  it('reads a comparison with wasm from the other side where wasm has none of its own, and says where a size is another', () => {
    const data = pageData()
    const works = { infer: { error: 1e-6 }, step: { error: 2e-5 }, map: { error: 3e-6 } }
    const brief = { network: 'vgg16', flavor: 'keras', size: 32, reference: 'wasm', sets: 1, works } as const
    const full = { ...brief, size: 64, works: { ...works, gradient: { error: 4e-5 } } }
    const bare = { ...Object.values(data.results)[0]!, networks: {} }
    const results = {
      'node-wasm': bare,
      'node-tensorflow': { ...bare, networks: { a: full } },
      'page-webgl': { ...bare, networks: { a: brief } },
    }
    expect(backendsPage({ ...data, results })).toContain(
      '| `vgg16` | 64 | _1e-6 · 4e-5 · 3e-6_ | 1e-6 · 4e-5 · 3e-6 | 1e-6 · 2e-5 · 3e-6 at 32 |',
    )
    const { step: _, ...forward } = works
    const alone = { 'page-webgl': { ...bare, networks: { a: { ...brief, works: forward } } } }
    expect(backendsPage({ ...data, results: alone })).toContain('| `vgg16` | 32 | 1e-6 · – · 3e-6 |')
  })
})
