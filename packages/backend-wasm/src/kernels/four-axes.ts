/** With four axes, those before the first filled. */
export function four(sides: readonly number[], fill: number): [number, number, number, number] {
  return [...Array<number>(4 - sides.length).fill(fill), ...sides] as [number, number, number, number]
}
