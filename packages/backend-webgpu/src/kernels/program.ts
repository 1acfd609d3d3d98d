import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu'
import { Add, env, getKernel, type TensorInfo } from '@tensorflow/tfjs-core'

/** A shader of ours. It is compiled once, whatever the shapes: sizes come as uniforms. */
export interface Shader {
  /** Names it among all shaders of the backend. */
  readonly name: string
  /** What it reads, as arrays of `f32` by these names. */
  readonly inputs: readonly string[]
  /** What it writes, as arrays of `f32` by these names. */
  readonly outputs: readonly string[]
  /** By name, in the order they are handed over; read as `uniforms.name`. */
  readonly uniforms: Readonly<Record<string, 'i32' | 'f32'>>
  /** Declarations of its own, outside of the function. */
  readonly declarations?: string
  /**
   * The body, in WGSL. It has `index`, the number of the thread among all, `local`, that in its workgroup of {@link threads}, and
   * `group`, the workgroup's place.
   */
  readonly body: string
}

/** Threads in a workgroup: what every adapter has. */
export const threads = 256

/** What a run of a shader takes. */
export interface Run {
  readonly inputs: readonly TensorInfo[]
  /** The shapes of what comes out, each a new tensor. */
  readonly shapes: readonly number[][]
  readonly uniforms: readonly number[]
  /** How many workgroups, across and down. */
  readonly groups: readonly [number, number]
}

/** As many workgroups as give each of so many values a thread. */
export function groupsFor(values: number): [number, number] {
  return [Math.ceil(values / threads), 1]
}

/** What TensorFlow.js keeps its compiled shaders in. */
interface Pipelines {
  readonly pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>
}

// TensorFlow.js writes the head of a shader itself, with one output and sizes of each rank. A program for pixels has a head of its own
// and its key is used as it is; with the shader already compiled under that key it writes none, and what it binds is ours: the first
// output, then what is called inputs (our further outputs among them), then one buffer of uniforms.
const ownHead = 0 as NonNullable<WebGPUProgram['pixelsOpType']>

/**
 * Runs a shader through TensorFlow.js' own queue.
 *
 * @returns what it wrote, one tensor for each of its outputs
 */
export function run(backend: WebGPUBackend, shader: Shader, { inputs, shapes, uniforms, groups }: Run): TensorInfo[] {
  const shaderKey = `cnnkit_${shader.name}`
  const { pipelineCache } = backend as unknown as Pipelines
  pipelineCache[shaderKey] ??= compiled(backend.device, shader)
  const outputs = shapes.map((shape) => backend.makeTensorInfo(shape, 'float32'))
  for (const { dataId } of outputs) backend.uploadToGPU(dataId)
  const [first, ...others] = outputs
  const program: WebGPUProgram = {
    shaderKey,
    pixelsOpType: ownHead,
    outputShape: first!.shape,
    variableNames: [],
    workgroupSize: [threads, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: [...groups, 1],
    getUserCode: () => '',
  }
  const read = inputs.map((input) => floats(backend, input))
  const ours = Object.values(shader.uniforms).map((type, i) => ({
    type: type === 'i32' ? 'int32' : 'float32',
    data: [uniforms[i]!],
  }))
  // A flat shape: TensorFlow.js puts its strides, one number then, before our uniforms.
  const flat = { ...first!, shape: [first!.shape.reduce((all, side) => all * side, 1)] }
  backend.runWebGPUProgram(program, [...others, ...read], 'float32', ours, flat)
  read.forEach(({ dataId }, i) => {
    if (dataId !== inputs[i]!.dataId) backend.disposeData(dataId)
  })
  return outputs
}

/** A cast from booleans or whole numbers leaves them as they lie on the GPU: they are made floats here. */
function floats(backend: WebGPUBackend, tensor: TensorInfo): TensorInfo {
  if (backend.tensorMap.get(tensor.dataId).dtype === 'float32') return tensor
  const zero = backend.makeTensorInfo([], 'float32', new Float32Array(1))
  const { kernelFunc } = getKernel(Add, 'webgpu')
  const sum = kernelFunc({ inputs: { a: { ...tensor, dtype: 'float32' }, b: zero }, backend, attrs: {} }) as TensorInfo
  backend.disposeData(zero.dataId)
  return sum
}

function compiled(device: GPUDevice, shader: Shader): GPUComputePipeline | Promise<GPUComputePipeline> {
  const label = `cnnkit_${shader.name}`
  const module = device.createShaderModule({ code: sourceOf(shader), label })
  const descriptor = { compute: { module, entryPoint: 'main' }, label, layout: 'auto' } as const
  return env().getBool('WEBGPU_ENGINE_COMPILE_ONLY')
    ? device.createComputePipelineAsync(descriptor)
    : device.createComputePipeline(descriptor)
}

function sourceOf({ inputs, outputs, uniforms, declarations = '', body }: Shader): string {
  const bound = [
    ...outputs.map((name) => ({ name, access: 'read_write' })),
    ...inputs.map((name) => ({ name, access: 'read' })),
  ]
  const buffers = bound.map(
    ({ name, access }, i) => `@group(0) @binding(${i}) var<storage, ${access}> ${name} : array<f32>;`,
  )
  const fields = Object.entries(uniforms).map(([name, type]) => `  ${name} : ${type},`)
  return `
struct Uniforms {
  unused : i32,
${fields.join('\n')}
};
${buffers.join('\n')}
@group(0) @binding(${bound.length}) var<uniform> uniforms : Uniforms;
${declarations}
@compute @workgroup_size(${threads}, 1, 1)
fn main(@builtin(local_invocation_index) localIndex : u32,
        @builtin(workgroup_id) group : vec3<u32>,
        @builtin(num_workgroups) groups : vec3<u32>) {
  let local = i32(localIndex);
  let index = i32((group.z * groups.y + group.y) * groups.x + group.x) * ${threads} + local;
  ${body}
}
`
}
