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
  const open = new Uint8Array(values.length)
  for (let at = 0; at < values.length; at++) if (belongs(values[at]!)) open[at] = 1
  const waiting = new Int32Array(values.length)
  const components: Component[] = []
  for (let first = open.indexOf(1); first >= 0; first = open.indexOf(1, first + 1)) {
    components.push(componentAt(first, { values, open, width, waiting }))
  }
  return components
}

interface Walk {
  readonly values: Float32Array
  /** 1 for each cell that belongs and was not walked yet. */
  readonly open: Uint8Array
  readonly width: number
  /** Room for the cells to go on from. */
  readonly waiting: Int32Array
}

/** Walks one component from its first cell and closes its cells. */
function componentAt(first: number, { values, open, width, waiting }: Walk): Component {
  const found = { left: width, top: Math.floor(first / width), right: 0, bottom: 0, cells: 0, peak: 0 }
  let count = 0
  const visit = (at: number): void => {
    if (open[at] !== 1) return
    open[at] = 0
    waiting[count++] = at
  }
  visit(first)
  while (count > 0) {
    const at = waiting[--count]!
    const y = Math.floor(at / width)
    const x = at - y * width
    if (x < found.left) found.left = x
    if (x >= found.right) found.right = x + 1
    if (y >= found.bottom) found.bottom = y + 1
    if (values[at]! > found.peak) found.peak = values[at]!
    found.cells++
    if (x > 0) visit(at - 1)
    if (x < width - 1) visit(at + 1)
    visit(at - width)
    visit(at + width)
  }
  return found
}
