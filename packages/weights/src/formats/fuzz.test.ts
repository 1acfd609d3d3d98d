import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openWeights } from '../index.node.ts'
import { fuzz } from '../testing/fuzz.ts'

const golden = async (name: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`../golden/${name}`, import.meta.url)))

/** Where the values of the float32 tensors lie in a file, if they are found but once. */
async function payloadOf(bytes: Buffer): Promise<[number, number][]> {
  const ranges: [number, number][] = []
  for (const { dtype, byteLength, read } of (await openWeights(bytes)).tensors) {
    if (dtype !== 'float32' || byteLength < 8) continue
    const values = new Uint8Array((await read()).buffer)
    const at = bytes.indexOf(values)
    if (at === bytes.lastIndexOf(values)) ranges.push([at, at + byteLength])
  }
  expect(ranges.length).toBeGreaterThan(0)
  return ranges
}

describe.each([
  { name: 'numbers.safetensors', count: 3000, payload: false, least: ['read', 'BAD_FILE', 'UNKNOWN_DTYPE'] },
  { name: 'torch-net.pth', count: 1500, payload: true, least: ['read', 'BAD_FILE'] },
  { name: 'torch-net-deflated.pth', count: 700, payload: false, least: ['read', 'BAD_FILE'] },
  { name: 'torch-net-zip64.pth', count: 1000, payload: true, least: ['read', 'BAD_FILE'] },
  { name: 'torch-net-legacy.pth', count: 2000, payload: true, least: ['read', 'BAD_FILE', 'UNSAFE_PICKLE'] },
  { name: 'torch-views-legacy.pth', count: 2000, payload: false, least: ['read', 'BAD_FILE', 'UNSAFE_PICKLE'] },
  { name: 'torch-2017.pth', count: 1000, payload: false, least: ['read', 'BAD_FILE', 'UNSAFE_PICKLE'] },
  { name: 'torch-numbers.pth', count: 1500, payload: false, least: ['read', 'BAD_FILE', 'UNKNOWN_DTYPE'] },
  { name: 'torch-checkpoint.pth', count: 1000, payload: false, least: ['read', 'BAD_FILE', 'UNSAFE_PICKLE'] },
])('$name, damaged in $count ways', ({ name, count, payload, least }) => {
  it('is read whole or refused with a reason, in time', async () => {
    const bytes = await golden(name)
    const ranges = payload ? await payloadOf(bytes) : []
    const outcomes = await fuzz(bytes, openWeights, { count, seed: 7, head: 1200, payload: ranges })
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(least))
    expect(outcomes.get('read')).toBeGreaterThan(count / 20)
    expect(outcomes.get('BAD_FILE')).toBeGreaterThan(count / 3)
  })
})
