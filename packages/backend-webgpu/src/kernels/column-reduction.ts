import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { run, type Shader, threads } from './program.ts'

/** How the rows of a matrix `[rows, channels]` are brought down to two numbers a channel. */
export interface Reduction {
  readonly name: string
  /** What a row is read from, and numbers for it. */
  readonly inputs: readonly string[]
  readonly uniforms: Shader['uniforms']
  /** WGSL: `fn load(row : i32, channel : i32, at : i32) -> vec3<f32>`, with `at` where the value lies. */
  readonly load: string
  /** WGSL: `fn merge(a : vec3<f32>, b : vec3<f32>) -> vec3<f32>`, for which zeros are neutral. */
  readonly merge: string
  /** WGSL that gives the two numbers of `all`. */
  readonly results: readonly [string, string]
}

/**
 * The shader of a reduction. A workgroup takes `width` channels, which lie side by side and so are read at once, and the rows of one
 * chunk, `threads / width` at a time; then its threads' results are merged pair by pair.
 */
export function columnReduction({ name, inputs, uniforms, load, merge, results }: Reduction): Shader {
  return {
    name,
    inputs,
    outputs: ['first', 'second'],
    uniforms: { rows: 'i32', channels: 'i32', width: 'i32', chunk: 'i32', ...uniforms },
    declarations: `
var<workgroup> parts : array<vec3<f32>, ${threads}>;
${load}
${merge}
`,
    body: `
  let channel = i32(group.x) * uniforms.width + local % uniforms.width;
  let lanes = ${threads} / uniforms.width;
  let end = min(uniforms.rows, (i32(group.y) + 1) * uniforms.chunk);
  var all = vec3<f32>();
  if (channel < uniforms.channels) {
    for (var row = i32(group.y) * uniforms.chunk + local / uniforms.width; row < end; row += lanes) {
      all = merge(all, load(row, channel, row * uniforms.channels + channel));
    }
  }
  parts[local] = all;
  for (var half = ${threads / 2}; half >= uniforms.width; half /= 2) {
    workgroupBarrier();
    if (local < half) { parts[local] = merge(parts[local], parts[local + half]); }
  }
  if (local < uniforms.width && channel < uniforms.channels) {
    all = parts[local];
    let at = i32(group.y) * uniforms.channels + channel;
    first[at] = ${results[0]};
    second[at] = ${results[1]};
  }`,
  }
}

/** A reduction, and that which brings together what its chunks gave. */
export interface TwoStepReduction {
  readonly over: Shader
  /** Its inputs are the two results of {@link TwoStepReduction.over}, its uniform `chunk0` the rows of a chunk and `rows0` all rows. */
  readonly of: Shader
}

/**
 * Runs a reduction over `[rows, channels]`: in one step where that gives the GPU enough to do, else in two.
 *
 * @returns the two results, `[channels]` each
 */
export function reduceColumns(
  backend: WebGPUBackend,
  { over, of }: TwoStepReduction,
  {
    inputs,
    rows,
    channels,
    uniforms,
  }: {
    readonly inputs: readonly TensorInfo[]
    readonly rows: number
    readonly channels: number
    readonly uniforms: (rows: number) => readonly number[]
  },
): [TensorInfo, TensorInfo] {
  const width = Math.min(maximalWidth, 2 ** Math.ceil(Math.log2(channels)))
  const across = Math.ceil(channels / width)
  const chunk = chunkOf(rows, across, threads / width)
  const chunks = Math.ceil(rows / chunk)
  const step = (shader: Shader, from: readonly TensorInfo[], rows: number, chunk: number, own: readonly number[]) => {
    const down = Math.ceil(rows / chunk)
    const shape = down === 1 ? [channels] : [down, channels]
    return run(backend, shader, {
      inputs: from,
      shapes: [shape, shape],
      uniforms: [rows, channels, width, chunk, ...own],
      groups: [across, down],
    }) as [TensorInfo, TensorInfo]
  }
  const parts = step(over, inputs, rows, chunk, uniforms(chunks === 1 ? rows : 1))
  if (chunks === 1) return parts
  const whole = step(of, parts, chunks, chunks, [chunk, rows])
  for (const { dataId } of parts) backend.disposeData(dataId)
  return whole
}

const maximalWidth = 64
/** Workgroups that keep a large GPU busy. */
const enough = 512
/** Fewer rows than this for a thread are not worth a second step. */
const fewest = 16

function chunkOf(rows: number, across: number, lanes: number): number {
  const chunks = Math.min(Math.ceil(enough / across), Math.ceil(rows / (lanes * fewest)))
  return Math.ceil(rows / Math.max(1, chunks))
}
