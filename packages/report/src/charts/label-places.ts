/** A disc that wants its name written. Pixels. */
export interface Disc {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly text: string
}

/** Where a name stands, from its disc's centre. */
export interface LabelPlace {
  readonly dx: number
  readonly dy: number
  readonly anchor: 'start' | 'middle' | 'end'
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * A place for each disc's name where it covers no other name and no other disc's centre: beside it, above or below;
 * `undefined` where there is none. Small discs choose first, as a large one has room inside.
 */
export function placeLabels(
  discs: readonly Disc[],
  { fontSize, box }: { readonly fontSize: number; readonly box: Box },
): readonly (LabelPlace | undefined)[] {
  const taken: Box[] = []
  const places: (LabelPlace | undefined)[] = discs.map(() => undefined)
  const smallFirst = [...discs.keys()].sort((a, b) => discs[a]!.radius - discs[b]!.radius)
  for (const index of smallFirst) {
    const disc = discs[index]!
    const centres = discs.filter((_, other) => other !== index).map(({ x, y }) => around(x, y, 3))
    const free = candidates(disc, fontSize).find((place) => {
      const area = areaOf(disc, place, fontSize)
      return within(area, box) && ![...taken, ...centres].some((other) => overlap(area, other))
    })
    if (!free) continue
    places[index] = free
    taken.push(areaOf(disc, free, fontSize))
  }
  return places
}

function candidates({ radius, text }: Disc, fontSize: number): readonly LabelPlace[] {
  const gap = 3
  const places: LabelPlace[] = [
    { dx: radius + gap, dy: 0, anchor: 'start' },
    { dx: -radius - gap, dy: 0, anchor: 'end' },
    { dx: 0, dy: -radius - gap - fontSize / 2, anchor: 'middle' },
    { dx: 0, dy: radius + gap + fontSize / 2, anchor: 'middle' },
  ]
  for (const side of [1, -1]) {
    for (const y of [-0.75, 0.75]) {
      const anchor = side === 1 ? 'start' : 'end'
      places.push({ dx: side * (0.7 * radius + gap), dy: y * radius + Math.sign(y) * (fontSize / 2), anchor })
    }
  }
  const inside: LabelPlace = { dx: 0, dy: 0, anchor: 'middle' }
  return widthOf(text, fontSize) < 2 * radius ? [inside, ...places] : [...places, inside]
}

function areaOf({ x, y, text }: Disc, { dx, dy, anchor }: LabelPlace, fontSize: number): Box {
  const width = widthOf(text, fontSize)
  const start = x + dx - { start: 0, middle: width / 2, end: width }[anchor]
  return { left: start, right: start + width, top: y + dy - fontSize / 2, bottom: y + dy + fontSize / 2 }
}

/** Of letters of the house, on average. */
const widthOf = (text: string, fontSize: number): number => text.length * fontSize * 0.58
const around = (x: number, y: number, reach: number): Box => ({
  left: x - reach,
  right: x + reach,
  top: y - reach,
  bottom: y + reach,
})
const within = (inner: Box, outer: Box): boolean =>
  inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
