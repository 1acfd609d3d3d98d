import { type WasmOptions, wasm } from '@cnnkit/backend-wasm'
import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { correspondences } from '../dialect.ts'
import { builtFrom, differences, type Original } from './original.ts'

/** How to make a golden anew, printed where one is missed. */
const HOW_TO_UPDATE = 'golden files are written by reference/zoo; see reference/README.md'

/** Holds networks against what their originals give on formula weights, and against the names in the originals' files. */
export function describeOriginals(originals: readonly Original[], options?: WasmOptions): void {
  beforeAll(async () => {
    await wasm(options).start()
  })

  describe.each(originals.map((original) => [original.file.replace('.json', ''), original] as const))(
    '%s',
    (_, original) => {
      it(`has the tensors of the file of ${original.source}, one to one`, async () => {
        const { model, dialect } = await builtFrom(original)
        const ours = correspondences(model, dialect).map(({ theirs, shape }) => `${theirs} ${shape.join('x')}`)
        model.dispose()
        const theirs = original.tensors.filter(({ name }) => !original.ignored.includes(name))
        expect(new Set(ours).size).toBe(ours.length)
        expect([...ours].sort()).toEqual(theirs.map(({ name, shape }) => `${name} ${shape.join('x')}`).sort())
      })

      it('gives what the original gives at each endpoint, to 1e-4, fused and not', async () => {
        const before = memory().numTensors
        for (const [path, difference] of Object.entries(await differences(original))) {
          expect(difference, `${path}; ${HOW_TO_UPDATE}`).toBeLessThan(1e-4)
        }
        expect(memory().numTensors).toBe(before)
      })
    },
  )
}
