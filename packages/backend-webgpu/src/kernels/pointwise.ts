import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { groupsFor, run, type Shader } from './program.ts'

/**
 * A shader that works out each value by itself.
 *
 * @param body WGSL that sets the outputs at `index`; `uniforms.size` is taken
 */
export function pointwise(
  name: string,
  [inputs, outputs]: readonly [inputs: readonly string[], outputs: readonly string[]],
  uniforms: Shader['uniforms'],
  body: string,
): Shader {
  return {
    name,
    inputs,
    outputs,
    uniforms: { size: 'i32', ...uniforms },
    body: `if (index >= uniforms.size) { return; }
  ${body}`,
  }
}

/** Runs a {@link pointwise} shader: all its outputs have the shape given. Nothing is run for an empty one. */
export function runPointwise(
  backend: WebGPUBackend,
  shader: Shader,
  inputs: readonly TensorInfo[],
  shape: readonly number[],
  uniforms: readonly number[] = [],
): TensorInfo[] {
  const size = shape.reduce((all, side) => all * side, 1)
  const shapes = shader.outputs.map(() => [...shape])
  if (size === 0) return shapes.map((empty) => backend.makeTensorInfo(empty, 'float32', new Float32Array(0)))
  return run(backend, shader, { inputs, shapes, uniforms: [size, ...uniforms], groups: groupsFor(size) })
}
