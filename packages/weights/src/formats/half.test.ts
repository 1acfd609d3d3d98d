import { expect, it } from 'vitest'
import { floatToHalf, halfToFloat } from './half.ts'

const all = new Uint16Array(65536).map((_, bits) => bits)
const values = new Float32Array(65536)
halfToFloat(all, values)
const toHalf = (...numbers: number[]) => floatToHalf(Float32Array.from(numbers))

it('gives every half-precision number back', () => {
  const again = floatToHalf(values)
  const different = all.filter((bits) => again[bits] !== bits && !Number.isNaN(values[bits]))
  expect([...different]).toEqual([])
  expect(again.filter((bits) => (bits & 0x7fff) > 0x7c00).length).toBe(2 * 1023)
})

it('rounds what lies between two to the nearer one, and the middle to the even one', () => {
  const wrong: number[] = []
  const ulp = new Uint32Array(1)
  for (let bits = 0; bits < 0x7bff; bits++) {
    const middle = ((values[bits] as number) + (values[bits + 1] as number)) / 2
    ulp.set(new Uint32Array(Float32Array.of(middle).buffer))
    const beside = (step: number) => new Float32Array(Uint32Array.of((ulp[0] as number) + step).buffer)[0] as number
    const [below, even, above] = toHalf(beside(-1), middle, beside(1))
    const [negative] = toHalf(-middle)
    const expected = bits + (bits % 2)
    if (below !== bits || even !== expected || above !== bits + 1 || negative !== (expected | 0x8000)) wrong.push(bits)
  }
  expect(wrong).toEqual([])
})

it('makes infinity of what is too large, and zero of what is too small', () => {
  expect([...toHalf(65519, 65520, 1e30, -1e30, 2 ** -25, 2 ** -25 * 1.0001, -1e-30)]).toEqual([
    0x7bff, 0x7c00, 0x7c00, 0xfc00, 0, 1, 0x8000,
  ])
})
