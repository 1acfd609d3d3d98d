import { describe, expect, it } from 'vitest'
import type { WheelFile } from '../pip/wheel-file.ts'
import { chooseWheel } from './choose.ts'
import { cpuPins, cudaPins, defaultVersion, nvidiaPins } from './pins.ts'

const pins = cpuPins[defaultVersion]!
const [known] = Object.keys(pins) as [string]
const remote = (filename: string, sha256?: string): WheelFile => ({
  filename,
  url: `https://a.test/${filename}`,
  ...(sha256 !== undefined && { sha256 }),
})
const choose = (files: readonly WheelFile[], version: string = defaultVersion) =>
  chooseWheel('tensorflow-cpu', version, pins, { files, problems: [] })

describe('chooseWheel', () => {
  it('takes a wheel for Linux on x86-64 whose hash we know, the one that is here before the one to fetch', () => {
    const here = { filename: known, url: `/wheels/${known}` }
    const others = [
      'tensorflow_cpu-2.21.0-cp311-cp311-macosx_12_0_arm64.whl',
      'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
      'tensorflow_cpu-2.20.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
      'tensorflow_cpu-2.21.0.tar.gz',
    ].map((name) => remote(name, 'ab'.repeat(32)))
    expect(choose([...others, remote(known, pins[known]), here])).toEqual({
      ...here,
      sha256: pins[known],
      pinned: true,
    })
  })

  it('holds a wheel that no index gives a hash for against ours', () => {
    expect(choose([remote(known)])).toMatchObject({ sha256: pins[known], pinned: true })
  })

  it('refuses an index that gives another hash for a wheel we know', () => {
    expect(() => choose([remote(known, 'ab'.repeat(32))])).toThrow(/another file of the same name/)
  })

  it('takes the index at its word for a version we do not know, and no wheel without a hash', () => {
    const name = 'tensorflow_cpu-2.22.0-cp311-cp311-manylinux_2_27_x86_64.whl'
    expect(choose([remote(name, 'ab'.repeat(32))], '2.22.0')).toMatchObject({ pinned: false })
    expect(() => choose([remote(name)], '2.22.0')).toThrow(/No wheel of tensorflow-cpu 2.22.0 .* with a hash/)
  })

  it('says what it asked where nothing is offered', () => {
    const offers = { files: [], problems: ['https://a.test answers 404.'] }
    expect(() => chooseWheel('tensorflow-cpu', '2.21.0', pins, offers)).toThrow(
      /No wheel .* https:\/\/a\.test answers 404/,
    )
  })
})

describe('what we know by its hash', () => {
  it('is a hash each, of a wheel for Linux on x86-64', () => {
    const all = [...Object.values(cpuPins), ...Object.values(cudaPins), nvidiaPins].flatMap((pins) =>
      Object.entries(pins),
    )
    expect(all.length).toBeGreaterThan(20)
    for (const [filename, sha256] of all) {
      expect(filename).toMatch(/manylinux.*_x86_64\.whl$/)
      expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    }
    expect(new Set(all.map(([, sha256]) => sha256)).size).toBe(all.length)
  })
})
