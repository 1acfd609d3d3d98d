/** The patch of the input that one unit of a grid sees, in input pixels (Araujo et al. 2019, "Computing receptive fields"). */
export interface ReceptiveField {
  /** Height of the patch. */
  readonly size: number
  /** Distance between the patches of neighbouring units. */
  readonly stride: number
  /** Where the first unit's patch begins; negative when it reaches into the padding. */
  readonly offset: number
}

/** A window that slides over a grid: a convolution, a pooling, or padding alone (size 1, stride 1). */
export interface Window {
  readonly size: number
  readonly stride: number
  readonly dilation: number
  /** Rows added before the first. */
  readonly padBefore: number
}

/** What a unit of the input itself sees. */
export const ownPixel: ReceptiveField = { size: 1, stride: 1, offset: 0 }

/** The field after one more window. */
export function throughWindow(field: ReceptiveField, window: Window): ReceptiveField {
  const reach = (window.size - 1) * window.dilation
  return {
    size: field.size + reach * field.stride,
    stride: field.stride * window.stride,
    offset: field.offset - window.padBefore * field.stride,
  }
}

/** The field where branches meet: the smallest patch that holds all of theirs. */
export function mergeFields(fields: readonly ReceptiveField[]): ReceptiveField {
  const offset = Math.min(...fields.map((field) => field.offset))
  const end = Math.max(...fields.map((field) => field.offset + field.size))
  return { size: end - offset, stride: Math.max(...fields.map((field) => field.stride)), offset }
}
