import { interpolateCividis, interpolateInferno, interpolateTurbo, interpolateViridis } from 'd3-scale-chromatic'

/** `cividis` is made to look the same to colour-blind eyes; `turbo` is the rainbow, without its false edges. */
export type ColorMap = 'viridis' | 'inferno' | 'cividis' | 'turbo'

const interpolators: Readonly<Record<ColorMap, (t: number) => string>> = {
  viridis: interpolateViridis,
  inferno: interpolateInferno,
  cividis: interpolateCividis,
  turbo: interpolateTurbo,
}

const tables = new Map<ColorMap, Uint8Array>()

/** A colour map as 256 times red, green, blue, 0 to 255. */
export function colorTable(name: ColorMap): Uint8Array {
  const known = tables.get(name)
  if (known) return known
  const table = new Uint8Array(3 * 256)
  for (let i = 0; i < 256; i++) table.set(channels(interpolators[name](i / 255)), 3 * i)
  tables.set(name, table)
  return table
}

// d3 gives `#440154` or `rgb(68, 1, 84)`.
function channels(color: string): readonly number[] {
  const hex = /^#(..)(..)(..)$/.exec(color)
  if (hex) return hex.slice(1).map((digits) => Number.parseInt(digits, 16))
  return [...color.matchAll(/[\d.]+/g)].slice(0, 3).map((match) => Math.round(Number(match[0])))
}
