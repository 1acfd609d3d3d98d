import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import reference from '../golden/torch.json' with { type: 'json' }
import { openWeights, type WeightFile } from '../index.node.ts'
import { failure, shared } from '../testing/model.ts'

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url))
const genuine = shared('data/weights/resnet-cifar10-torch')

/** Names, shapes, dtypes and values, as the reference writes them down. */
const facts = ({ tensors }: WeightFile) =>
  Promise.all(
    tensors.map(async ({ name, shape, dtype, read }) => ({
      name,
      shape,
      dtype,
      values: Array.from(await read(), (value) =>
        Number.isFinite(value) ? value : `${value}`.replace('Infinity', 'inf').replace('NaN', 'nan'),
      ),
    })),
  )

describe('files that PyTorch has written', () => {
  it.each(Object.keys(reference.files).filter((name) => name.endsWith('.pth')))(
    '%s: what torch reads in it',
    async (name) => {
      const file = await openWeights(golden(name))
      expect(file.format).toBe('torch')
      expect(await facts(file)).toEqual(reference.files[name as keyof typeof reference.files])
    },
  )

  it.each(Object.entries(reference.genuine))('%s, genuine: what torch reads in it', async (name, expected) => {
    if (!existsSync(genuine)) return console.log('skipped: no ../shared/data beside the repository')
    const file = await openWeights(join(genuine, name))
    const hash = createHash('sha256')
    for (const { name, shape, read } of file.tensors) {
      hash.update(`${name} [${shape}]\n`)
      hash.update(new Uint8Array((await read()).buffer))
    }
    expect({ tensors: file.tensors.length, sha256: hash.digest('hex') }).toEqual(expected)
    expect(file.metadata).toMatchObject({ form: 'legacy', stateDict: 'state_dict', prefix: 'module.' })
  })
})
