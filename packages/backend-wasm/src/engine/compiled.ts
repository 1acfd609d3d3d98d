import type { Instructions } from './engine.ts'

/** The kernels for some instructions, without threads and with them, compiled by the runtime. */
export async function compiledKernels(instructions: Instructions, shared: boolean): Promise<WebAssembly.Module> {
  const { binary, plainBytes } = await (instructions === 'simd'
    ? import('./binaries/simd.ts')
    : import('./binaries/relaxed.ts'))
  const both = await inflated(binary)
  return WebAssembly.compile(shared ? both.slice(plainBytes) : both.slice(0, plainBytes))
}

async function inflated(deflated: string): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(deflated), (character) => character.charCodeAt(0))
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer()
}
