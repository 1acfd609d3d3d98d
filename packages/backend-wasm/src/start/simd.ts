/** A module of a few bytes that holds one SIMD instruction (the one of wasm-feature-detect). */
const program = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
])

/** Whether this runtime knows WebAssembly's 128-bit SIMD. */
export function supportsSimd(): boolean {
  return WebAssembly.validate(program)
}
