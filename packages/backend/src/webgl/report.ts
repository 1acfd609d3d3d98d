import type { BackendReport } from '@cnnkit/kernels'
import { rendererOf } from './context.ts'

/**
 * What runs where.
 *
 * @param tfjs version of `@tensorflow/tfjs-backend-webgl`
 * @param precision bits of a value in a texture
 */
export function reportOf(gl: WebGL2RenderingContext, tfjs: string, precision: 16 | 32): BackendReport {
  const { device, driver, software } = rendererOf(gl)
  const side = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number
  const notes = [
    ...(software ? ['Drawn by the CPU: for tests only.'] : []),
    ...(precision === 16
      ? ['Textures hold half floats: results are right to 1e-2 and no closer, training may fail.']
      : []),
  ]
  return {
    backend: 'webgl',
    device,
    ...(driver !== undefined && { driver }),
    precision,
    details: {
      version: String(gl.getParameter(gl.VERSION)),
      textures: `float${precision}, at most ${side} x ${side}`,
      memory: 'WebGL does not say how much there is',
      tfjs,
      ...(notes.length > 0 && { note: notes.join(' ') }),
    },
  }
}
