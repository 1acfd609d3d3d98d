/** A picture some of whose pixels are missing. */
export interface Holes {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Row by row, channels last. */
  readonly pixels: Float32Array
  /** For each pixel 1 where it is missing. */
  readonly missing: Uint8Array
}

/** The eight neighbours of a pixel and what each counts in its mean: beside and above 1/6, across the corner 1/12. */
const NEIGHBOURS: readonly (readonly [down: number, across: number, weight: number])[] = [
  [-1, -1, 1 / 12],
  [-1, 0, 1 / 6],
  [-1, 1, 1 / 12],
  [0, -1, 1 / 6],
  [0, 1, 1 / 6],
  [1, -1, 1 / 12],
  [1, 0, 1 / 6],
  [1, 1, 1 / 12],
]

/** The equations of all missing pixels: `sum * x - weighted neighbours that miss = weighted neighbours that are there`. */
interface System {
  /** Places of the missing pixels in the picture. */
  readonly places: Int32Array
  /** Eight numbers of missing neighbours for each, -1 where the neighbour is there or outside. */
  readonly neighbours: Int32Array
  /** The weights of the neighbours inside the picture, added up. */
  readonly sums: Float64Array
}

/**
 * A picture with each missing pixel as the weighted mean of its neighbours, those that miss too included, which makes one
 * linear equation a pixel (Rong et al. 2022, "A consistent and efficient evaluation strategy for attribution methods",
 * section 4.2; noise is for the caller to add). The system is symmetric and positive, so conjugate gradients solve it; they
 * start from the solution for the picture at half the size, which has the wide holes right already.
 *
 * @returns new pixels; zeros where no pixel is there at all
 */
export function imputed(holes: Holes): Float32Array {
  const { pixels, width, channels, missing } = holes
  const result = Float32Array.from(pixels)
  const system = systemOf(holes)
  const { places } = system
  if (places.length === 0) return result
  if (places.length === missing.length) return result.fill(0)
  const half = halved(holes)
  const guess = half.missing.length < missing.length ? imputed(half) : half.pixels
  for (let channel = 0; channel < channels; channel++) {
    const start = Float64Array.from(places, (place) => {
      const [y, x] = [Math.floor(place / width), place % width]
      return guess[((y >> 1) * half.width + (x >> 1)) * channels + channel]!
    })
    const values = solved(system, knownPart(holes, system, channel), start)
    for (const [i, value] of values.entries()) result[places[i]! * channels + channel] = value
  }
  return result
}

/** The picture at half the size: each pixel is the mean of those of four that are there, and misses where all four do. */
function halved({ height, width, channels, pixels, missing }: Holes): Holes {
  const [high, wide] = [Math.ceil(height / 2), Math.ceil(width / 2)]
  const sums = new Float32Array(high * wide * channels)
  const counts = new Uint8Array(high * wide)
  for (const [place, misses] of missing.entries()) {
    if (misses) continue
    const at = (Math.floor(place / width) >> 1) * wide + ((place % width) >> 1)
    counts[at]!++
    for (let c = 0; c < channels; c++) sums[at * channels + c]! += pixels[place * channels + c]!
  }
  const means = sums.map((sum, i) => sum / Math.max(1, counts[Math.floor(i / channels)]!))
  return { height: high, width: wide, channels, pixels: means, missing: counts.map((count) => Number(count === 0)) }
}

function systemOf({ height, width, missing }: Holes): System {
  const numbers = new Int32Array(missing.length).fill(-1)
  const list: number[] = []
  for (const [place, misses] of missing.entries()) if (misses) numbers[place] = list.push(place) - 1
  const places = Int32Array.from(list)
  const neighbours = new Int32Array(8 * places.length).fill(-1)
  const sums = new Float64Array(places.length)
  for (const [i, place] of places.entries()) {
    for (const [k, [down, across, weight]] of NEIGHBOURS.entries()) {
      const [y, x] = [Math.floor(place / width) + down, (place % width) + across]
      if (y < 0 || x < 0 || y >= height || x >= width) continue
      neighbours[8 * i + k] = numbers[y * width + x]!
      sums[i]! += weight
    }
  }
  return { places, neighbours, sums }
}

/** The right-hand side: what the neighbours that are there give to each missing pixel. */
function knownPart({ height, width, channels, pixels, missing }: Holes, system: System, channel: number): Float64Array {
  return Float64Array.from(system.places, (place) => {
    let sum = 0
    for (const [down, across, weight] of NEIGHBOURS) {
      const [y, x] = [Math.floor(place / width) + down, (place % width) + across]
      const at = y * width + x
      if (y < 0 || x < 0 || y >= height || x >= width || missing[at]) continue
      sum += weight * pixels[at * channels + channel]!
    }
    return sum
  })
}

const TOLERANCE = 1e-5
const MOST_ROUNDS = 5000

/**
 * Conjugate gradients (Hestenes and Stiefel 1952) with the diagonal as preconditioner, until the residual is a hundred-thousandth of
 * what is known. Writes the solution over where it starts.
 */
function solved(system: System, known: Float64Array, x: Float64Array): Float64Array {
  const { sums } = system
  const residual = new Float64Array(x.length)
  applySystem(system, x, residual)
  let [size, enough] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    residual[i] = known[i]! - residual[i]!
    size += residual[i]! ** 2 / sums[i]!
    enough += (TOLERANCE * known[i]!) ** 2 / sums[i]!
  }
  const direction = residual.map((value, i) => value / sums[i]!)
  const image = new Float64Array(x.length)
  for (let round = 0; round < MOST_ROUNDS && size > enough; round++) {
    applySystem(system, direction, image)
    let slope = 0
    for (let i = 0; i < x.length; i++) slope += direction[i]! * image[i]!
    const step = size / slope
    let next = 0
    for (let i = 0; i < x.length; i++) {
      x[i]! += step * direction[i]!
      residual[i]! -= step * image[i]!
      next += (residual[i]! * residual[i]!) / sums[i]!
    }
    for (let i = 0; i < x.length; i++) direction[i] = residual[i]! / sums[i]! + (next / size) * direction[i]!
    size = next
  }
  return x
}

function applySystem({ neighbours, sums }: System, x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < x.length; i++) {
    let sum = sums[i]! * x[i]!
    for (let k = 0; k < 8; k++) {
      const at = neighbours[8 * i + k]!
      if (at >= 0) sum -= WEIGHTS[k]! * x[at]!
    }
    out[i] = sum
  }
}

const WEIGHTS = Float64Array.from(NEIGHBOURS, ([, , weight]) => weight)
