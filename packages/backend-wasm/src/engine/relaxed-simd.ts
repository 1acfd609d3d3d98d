/** A module of a few bytes that holds one relaxed instruction (the one of wasm-feature-detect). */
const program = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11,
])

/** Whether this runtime has WebAssembly's relaxed SIMD, with fused multiply-adds: Node 22 and later, Chrome 114, Firefox 145. */
export function supportsRelaxedSimd(): boolean {
  return WebAssembly.validate(program)
}
