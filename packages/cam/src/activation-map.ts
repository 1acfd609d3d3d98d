/** What a network looked at in one picture, as plain data. */
export interface ActivationMap {
  /** Row by row, `height * width` values from 0 to 1, the strongest being 1 and the weakest 0. */
  readonly values: Float32Array
  /**
   * What the method gave for each place before negative values were cut off and the rest was scaled: evidence against the target is
   * negative, and maps of one method can be compared in strength. Absent where maps of several layers were averaged.
   */
  readonly raw?: Float32Array
  /** Rows of the grid that was read. */
  readonly height: number
  /** Columns of that grid. */
  readonly width: number
  /** The method: `grad-cam`. */
  readonly method: string
  /** The layer whose grid was read, by path; of several, `'stage3, stage4'`. */
  readonly layer: string
  /** The class the map is for; `undefined` when the target is a function, or none was given and the method asks for no class. */
  readonly target: number | undefined
  /** Whether nothing in the picture speaks for the target: then all values are 0. */
  readonly empty: boolean
  /** The part of the picture that the network saw, in the picture's own pixels. */
  readonly box: readonly [left: number, top: number, right: number, bottom: number]
}

/** A grid of values of any size. */
export type ValueGrid = Pick<ActivationMap, 'values' | 'height' | 'width'>

/** What of a map depends on its values. */
export type UnitMap = ValueGrid & Pick<ActivationMap, 'empty'>

/**
 * A raw map as it is shown: negative values cut off, the weakest 0, the strongest 1, as pytorch-grad-cam scales. One that is
 * the same positive value all over becomes 1 all over, one without a positive value is empty.
 */
export function inUnitRange({ values, height, width }: ValueGrid): UnitMap {
  let [low, high] = [Number.POSITIVE_INFINITY, 0]
  for (const value of values) {
    low = Math.min(low, Math.max(value, 0))
    high = Math.max(high, value)
  }
  const scaled = values.map((value) => {
    if (high === 0) return 0
    return high === low ? 1 : (Math.max(value, 0) - low) / (high - low)
  })
  return { values: scaled, height, width, empty: high === 0 }
}

/** The average of maps, each resized to one size, in unit range. */
export function merged(maps: readonly UnitMap[], height: number, width: number): UnitMap {
  const values = new Float32Array(height * width)
  for (const map of maps) {
    for (const [i, value] of scaleMap(map, height, width).entries()) values[i]! += value / maps.length
  }
  return inUnitRange({ values, height, width })
}

/**
 * A map at another size, between its values in a straight line, as OpenCV's `INTER_LINEAR` (half-pixel centres).
 *
 * @returns row by row, `height * width` values from 0 to 1
 */
export function scaleMap(map: ValueGrid, height: number, width: number): Float32Array {
  const scaled = new Float32Array(height * width)
  const columns = Array.from({ length: width }, (_, x) => neighbours(x, width, map.width))
  for (let y = 0; y < height; y++) {
    const [above, below, down] = neighbours(y, height, map.height)
    const [upper, lower] = [above * map.width, below * map.width]
    for (let x = 0; x < width; x++) {
      const [left, right, across] = columns[x]!
      const top = mix(map.values[upper + left]!, map.values[upper + right]!, across)
      scaled[y * width + x] = mix(top, mix(map.values[lower + left]!, map.values[lower + right]!, across), down)
    }
  }
  return scaled
}

function neighbours(position: number, size: number, cells: number): readonly [number, number, number] {
  const at = Math.min(Math.max(((position + 0.5) * cells) / size - 0.5, 0), cells - 1)
  const before = Math.floor(at)
  return [before, Math.min(before + 1, cells - 1), at - before]
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share
