// PIL's kernels, src/libImaging/Resample.c: same formulas in the same order, so that the last bit agrees.

/** A kernel that scales a picture; the names and the formulas are PIL's. `bicubic` has a = -0.5. */
export type Filter = 'nearest' | 'bilinear' | 'bicubic' | 'box' | 'lanczos'

/** How a filter weighs its neighbours: none for `nearest`, which takes one pixel. */
export interface Kernel {
  /** Half the width, in pixels of the coarser grid. */
  readonly support: number
  readonly weight: (distance: number) => number
}

function bilinear(x: number): number {
  const d = Math.abs(x)
  return d < 1 ? 1 - d : 0
}

function bicubic(x: number): number {
  const a = -0.5
  const d = Math.abs(x)
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0
}

function sinc(x: number): number {
  if (x === 0) return 1
  const angle = x * Math.PI
  return Math.sin(angle) / angle
}

/** The kernels by name. */
export const kernels: Readonly<Record<Exclude<Filter, 'nearest'>, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: bilinear },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
}
