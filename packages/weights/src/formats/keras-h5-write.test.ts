import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { kerasH5Bytes, openWeights, type TensorDtype, type TensorToWrite, writeKerasH5 } from '../index.node.ts'
import { factsOf } from '../testing/facts.ts'
import { joined } from '../testing/joined.ts'
import { failure, temporaryFolder } from '../testing/model.ts'

const golden = (name: string): string => fileURLToPath(new URL(`../golden/${name}`, import.meta.url))

const tensor = (name: string, more: Partial<TensorToWrite> = {}): TensorToWrite => ({
  name,
  shape: [2, 3],
  read: () => Float32Array.from([1, 2, 3, 4, 5, 6]),
  ...more,
})

/** A layer is what comes first, so that a model in the model is one layer, as in Keras' own files. */
const layerOf = (name: string): string => (name.startsWith('inner/') ? 'inner' : name.slice(0, name.lastIndexOf('/')))

it('is the file that Keras 2 and 3 load (UPDATE_GOLDEN=1 writes it, then run reference/weights/keras_loads.py)', async () => {
  const { tensors } = await openWeights(golden('keras2.h5'))
  const written = await joined(kerasH5Bytes(tensors, { layerOf }))
  if (process.env.UPDATE_GOLDEN) await writeFile(golden('written.h5'), written)
  expect(Buffer.compare(written, await readFile(golden('written.h5')))).toBe(0)
})

it('is read back as it was written, in every dtype', async () => {
  const dtypes: TensorDtype[] = ['float32', 'float16', 'float64', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'int64']
  const tensors = dtypes.map((dtype) => tensor(`größe.1/${dtype}/value`, { dtype }))
  tensors.push(tensor('scalar/x', { shape: [], read: () => new Float32Array([7]) }))
  tensors.push(tensor('none/x', { shape: [0, 4], read: () => new Float32Array() }))
  const path = join(await temporaryFolder(), 'deep/er/weights.h5')
  await writeKerasH5(path, tensors)
  const file = await openWeights(path)
  expect(file.format).toBe('keras-h5')
  expect(file.tensors.map(({ name, dtype, shape }) => [name, dtype, shape])).toEqual(
    tensors.map(({ name, dtype = 'float32', shape }) => [name, dtype, shape]),
  )
  for (const found of file.tensors.slice(0, -2)) {
    expect(await found.read(), found.name).toEqual(Float32Array.from([1, 2, 3, 4, 5, 6]))
  }
  expect(await file.get('scalar/x')?.read()).toEqual(new Float32Array([7]))
  expect(await factsOf(await openWeights(await joined(kerasH5Bytes(file.tensors))))).toEqual(await factsOf(file))
})

it('splits lists of names that are too long for HDF5, and holds many layers', async () => {
  const tensors = Array.from({ length: 1200 }, (_, i) => tensor(`stage${i}.a_name_that_is_rather_long/kernel`))
  const file = await openWeights(await joined(kerasH5Bytes(tensors)))
  expect(file.tensors.map(({ name }) => name)).toEqual(tensors.map(({ name }) => name))
})

describe('is refused', () => {
  it.each<[string, TensorToWrite[]]>([
    ['has no name of the form layer/weight', [tensor('kernel')]],
    ['has no name of the form layer/weight', [tensor('a//kernel')]],
    ['has no name of the form layer/weight', [tensor('./kernel')]],
    ['is there twice', [tensor('a/b'), tensor('a/b')]],
    ['cannot be kept as bfloat16', [tensor('a/b', { dtype: 'bfloat16' })]],
    ['has 6 values', [tensor('a/b', { shape: [7] })]],
  ])('what %s', async (part, tensors) => {
    const { code, message } = await failure(joined(kerasH5Bytes(tensors)))
    expect(code).toBe('BAD_TENSOR')
    expect(message).toContain(part)
  })
})
