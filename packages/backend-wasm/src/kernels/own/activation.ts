/** The range that an activation keeps its values in; undefined for those that do more. */
export function rangeOf(activation: string | undefined): readonly [number, number] | undefined {
  switch (activation ?? 'linear') {
    case 'linear':
      return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    case 'relu':
      return [0, Number.POSITIVE_INFINITY]
    case 'relu6':
      return [0, 6]
    default:
      return undefined
  }
}
