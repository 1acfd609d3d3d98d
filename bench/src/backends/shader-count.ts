import { engine } from '@tensorflow/tfjs-core'

/** How many shaders the current backend, one for WebGPU, has compiled. */
export function shaderCount(): number {
  return Object.keys((engine().backend as unknown as { pipelineCache: object }).pipelineCache).length
}
