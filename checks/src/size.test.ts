import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import limits from '../size-limits.json' with { type: 'json' }
import { published, repository } from './setup/published.ts'

/** What one further family may add to a bundle that has one already, gzipped. */
const FAMILY = 6000

interface Size {
  readonly name: string
  readonly size: number
  readonly sizeLimit: number
}

const sizes = await measure()
const sizeOf = (name: string): number => sizes.find((entry) => entry.name === name)?.size ?? Number.NaN

describe('the weight of an import, gzipped, beside TensorFlow.js and what is loaded when it is needed', () => {
  it.each(sizes)('$name: $size of at most $sizeLimit bytes', ({ size, sizeLimit }) => {
    expect(size).toBeGreaterThan(0)
    expect(size).toBeLessThanOrEqual(sizeLimit)
  })

  it('is limited for every package and every family', () => {
    const libraries = published.map(({ manifest }) => manifest).filter(({ name }) => name !== 'cnnkit')
    const zoo = libraries.find(({ name }) => name === '@cnnkit/zoo')!
    const families = Object.entries(zoo.exports)
      .filter(([, target]) => JSON.stringify(target).includes('/families/'))
      .map(([subpath]) => subpath.replace('.', zoo.name))
    const limited = limits.map(({ name }) => name.replace(/ beside .*/, ''))
    expect(limited).toEqual(expect.arrayContaining([...libraries.map(({ name }) => name), ...families]))
  })

  it.each(sizes.filter(({ name }) => name.includes(' beside ')))(
    '$name: little more than without',
    ({ name, size }) => {
      const base = `@cnnkit/zoo/${name.split(' beside ')[1]}`
      expect(size - sizeOf(base)).toBeGreaterThan(0)
      expect(size - sizeOf(base)).toBeLessThanOrEqual(FAMILY)
    },
  )
})

/** Runs size-limit, which fails where a limit is passed and says so on stdout all the same. */
function measure(): Promise<readonly Size[]> {
  const cwd = join(repository, 'checks')
  return new Promise((resolve, reject) => {
    execFile(join(cwd, 'node_modules/.bin/size-limit'), ['--json'], { cwd }, (_, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as readonly Size[])
      } catch {
        reject(new Error(`size-limit: ${stdout}\n${stderr}`))
      }
    })
  })
}
