/** The values of IEEE 754 half-precision numbers, exactly. */
export function halfToFloat(halves: Uint16Array, target: Float32Array): void {
  halfTable ??= makeTable()
  const table = halfTable
  for (let i = 0; i < halves.length; i++) target[i] = table[halves[i] as number] as number
}

let halfTable: Float32Array | undefined

function makeTable(): Float32Array {
  const table = new Float32Array(65536)
  for (let bits = 0; bits < 65536; bits++) {
    const exponent = (bits >> 10) & 31
    const fraction = bits & 1023
    const magnitude =
      exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : exponent === 0
          ? fraction * 2 ** -24
          : (1024 + fraction) * 2 ** (exponent - 25)
    table[bits] = bits >> 15 ? -magnitude : magnitude
  }
  return table
}
