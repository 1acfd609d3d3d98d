// Bundled into the page of browser.test.ts: does what the page's address says.
import { selfTest } from '@cnnkit/backend'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { engine, ones, relu } from '@tensorflow/tfjs-core'
import { warm, webgpu } from '../index.browser.ts'
import { network, train } from './train-a-step.ts'

const allow = { software: 'allow' } as const

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  train: async () => {
    const report = await webgpu(allow).start()
    await selfTest()
    return { report, ...(await train([webgpu(allow)])) }
  },
  refuse: () => webgpu().start(),
  warm: async () => {
    await webgpu(allow).start()
    const model = network()
    return [await warm(model, { batch: 2, training: true }), await warm(model, { batch: 2, training: true })]
  },
  lose: async () => {
    const lost = new Promise((told) => webgpu({ ...allow, onLost: told }).start())
    await webgpu(allow).start()
    const { device } = engine().backend as WebGPUBackend
    device.destroy()
    const reason = await lost
    const again = await webgpu(allow).start()
    return { reason, again, one: (await relu(ones([2000])).data())[1999] }
  },
}

const task = new URL(location.href).searchParams.get('task')!
tasks[task]!().then(
  (result) => Object.assign(globalThis, { result }),
  (error: Error & { code?: string }) =>
    Object.assign(globalThis, { result: { code: error.code, message: error.message } }),
)
