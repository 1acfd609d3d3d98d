import { describe, expect, it } from 'vitest'
import { contenderOf, quickRow, rowOf, rows } from './rows.ts'

describe('the rows', () => {
  it('have names of their own, and contenders too', () => {
    const names = rows.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, contenders } of rows) {
      expect(new Set(contenders.map((contender) => contender.name)).size, name).toBe(contenders.length)
    }
  })

  it('have ours first, for every number of threads, and somebody to compare it with', () => {
    for (const { name, threads, contenders } of rows) {
      expect(contenders[0].name, name).toBe('cnnkit')
      expect(contenders[0].threads, name).toBeUndefined()
      for (const count of threads) {
        const taking = contenders.filter((contender) => contender.threads?.includes(count) ?? true)
        expect(taking.length, `${name}, threads: ${count}`).toBeGreaterThan(1)
      }
    }
  })

  it('are found by name, and a wrong name is told with those there are', () => {
    expect(rowOf(quickRow.name)).toBe(quickRow)
    expect(() => rowOf('forward-vgg')).toThrow(/No row "forward-vgg"\. There are:\n {2}forward-mobilenet-v1-025/)
    expect(() => contenderOf(quickRow, 'keras')).toThrow('No contender "keras" in forward-mobilenet-v1-025.')
  })
})
