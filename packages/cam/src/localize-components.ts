/** A set of neighbouring cells of a raster. */
export interface Component {
  /** First column. */
  left: number
  /** First row. */
  top: number
  /** First column beyond. */
  right: number
  /** First row beyond. */
  bottom: number
  /** How many cells it has. */
  cells: number
  /** Of its strongest cell. */
  peak: number
}

/**
 * The connected sets of cells that belong to something, where a cell has four neighbours: above, below, left, right. In the
 * order in which their first cells come, row by row.
 *
 * @param belongs whether a value belongs
 */
export function componentsOf(
  values: Float32Array,
  width: number,
  belongs: (value: number) => boolean,
): readonly Component[] {
  const open = Uint8Array.from(values, (value) => Number(belongs(value)))
  const components: Component[] = []
  for (let first = open.indexOf(1); first >= 0; first = open.indexOf(1, first + 1)) {
    components.push(componentAt(first, values, open, width))
  }
  return components
}

/** Walks one component from its first cell and closes its cells. */
function componentAt(first: number, values: Float32Array, open: Uint8Array, width: number): Component {
  const found = { left: width, top: Math.floor(first / width), right: 0, bottom: 0, cells: 0, peak: 0 }
  const waiting = [first]
  open[first] = 0
  const visit = (at: number): void => {
    if (open[at] !== 1) return
    open[at] = 0
    waiting.push(at)
  }
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)]
    found.left = Math.min(found.left, x)
    found.right = Math.max(found.right, x + 1)
    found.bottom = Math.max(found.bottom, y + 1)
    found.cells++
    found.peak = Math.max(found.peak, values[at]!)
    if (x > 0) visit(at - 1)
    if (x < width - 1) visit(at + 1)
    visit(at - width)
    visit(at + width)
  }
  return found
}
