import type { Box, Picture } from '@cnnkit/images'

/** How thick the line of a box is in a picture, in pixels: it stays thin and is seen in pictures of any size. */
export function lineWidth({ width, height }: Pick<Picture, 'width' | 'height'>): number {
  return Math.max(2, Math.round(Math.min(width, height) / 120))
}

/**
 * A box as it is drawn: a side that lies at the border of the picture is drawn so far inside of it that the dark line beside
 * the white one shows, as the page around may be white too. A side outside of the picture stays there.
 */
export function drawnBox(box: Box, { width, height }: Pick<Picture, 'width' | 'height'>, edge: number): Box {
  const from = (side: number): number => (side < 0 ? side : Math.max(side, edge))
  const to = (side: number, end: number): number => (side > end ? side : Math.min(side, end - edge))
  return [from(box[0]), from(box[1]), to(box[2], width), to(box[3], height)]
}

/** Draws boxes into an RGB picture of the caller's own: white lines between dark ones, which show on any colour. */
export function drawBoxes(picture: Picture, boxes: readonly Box[]): void {
  const line = lineWidth(picture)
  const edge = Math.max(1, Math.round(line / 2))
  for (const box of boxes) {
    const whole = box.map(Math.round) as unknown as Box
    const [left, top, right, bottom] = drawnBox(whole, picture, edge)
    drawFrame(picture, [left - edge, top - edge, right + edge, bottom + edge], line + 2 * edge, DARK)
    drawFrame(picture, [left, top, right, bottom], line, LIGHT)
  }
}

const DARK = 28
const LIGHT = 255

/** A frame inside a box; what of it is outside of the picture is left out. */
function drawFrame(picture: Picture, [left, top, right, bottom]: Box, line: number, level: number): void {
  fill(picture, [left, top, right, top + line], level)
  fill(picture, [left, bottom - line, right, bottom], level)
  fill(picture, [left, top, left + line, bottom], level)
  fill(picture, [right - line, top, right, bottom], level)
}

function fill({ data, width, height }: Picture, [left, top, right, bottom]: Box, level: number): void {
  const [from, to] = [Math.max(left, 0), Math.min(right, width)]
  if (from >= to) return
  for (let y = Math.max(top, 0); y < Math.min(bottom, height); y++) {
    data.fill(level, (y * width + from) * 3, (y * width + to) * 3)
  }
}
