import { expect, it } from 'vitest'
import { nodeGpu } from './index.browser.ts'

it('steps aside in a browser, and says what to take there', async () => {
  expect(await nodeGpu().probe()).toMatch(/runs in Node alone.*webgpu\(\), webgl\(\) or wasm\(\)/)
  await expect(nodeGpu({ requireGpu: true }).start()).rejects.toMatchObject({ code: 'NOT_IN_BROWSERS' })
})
