import type { Subject } from '../row.ts'

type Library = Pick<typeof import('onnxruntime-web'), 'env' | 'InferenceSession' | 'Tensor'>

/**
 * A run of an ONNX file on onnxruntime-web's wasm, its graph optimized as far as it goes, until the scores can be read. The pictures lie
 * in JavaScript's memory, as there is no other place for them; each run copies them.
 *
 * @param library onnxruntime-web, as Node or as a page loads it
 * @param file makes [batch, classes] of `pictures` [batch, channels, height, width], the batch free
 */
export async function onnxRun(
  { env, InferenceSession, Tensor }: Library,
  file: Uint8Array,
  { batch, threads }: { readonly batch: number; readonly threads: number },
): Promise<Subject> {
  env.wasm.numThreads = threads
  const session = await InferenceSession.create(file, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' })
  const [input] = session.inputMetadata
  if (!input?.isTensor) throw new Error('The ONNX file does not take a tensor.')
  const shape = [batch, ...input.shape.slice(1).map(Number)]
  const values = new Float32Array(shape.reduce((product, side) => product * side)).map((_, i) => Math.sin(i))
  const pictures = new Tensor('float32', values, shape)
  let scores: Float32Array | undefined
  return {
    threads: env.wasm.numThreads, // one where there are no worker threads
    run: async () => {
      const outputs = await session.run({ pictures })
      scores = (await outputs[session.outputNames[0]!]!.getData()) as Float32Array
    },
    output: async () => scores ?? [],
  }
}
