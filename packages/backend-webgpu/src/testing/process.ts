// Run as a process of its own by lifecycle.test.ts: trains, and then does what its argument says.

import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { engine } from '@tensorflow/tfjs-core'
import { webgpu } from '../index.ts'
import { train } from './train-a-step.ts'

const { losses } = await train([webgpu({ software: 'allow' })], { selfTest: false })
process.stdout.write(String(losses[1]! < losses[0]!))
if (process.argv[2] === 'exit') {
  // With work under way.
  void train([webgpu({ software: 'allow' })], { selfTest: false })
  setTimeout(() => process.exit(), 5)
}
if (process.argv[2] === 'destroy') (engine().backend as WebGPUBackend).device.destroy()
if (process.argv[2] === 'throw') throw new Error('the program failed')
