import { type Box, crop, encodeImage, type ImageSource, type Picture, resize, toPicture } from '@cnnkit/images'
import type { ActivationMap } from './activation-map.ts'
import { type ColorMap, colorTable } from './color-map.ts'
import { type OverlayOptions, overlay } from './overlay.ts'
import { drawBoxes } from './overlay-boxes.ts'
import { dataUrl, type Xml, xml } from './svg.ts'

/** One map of a sheet. */
export interface SheetCell {
  /** What is laid over the picture. */
  readonly map: ActivationMap
  /** What stands below it, in bold; the method unless given. */
  readonly title?: string
  /** What stands below that: the layer, scores. */
  readonly lines?: readonly string[]
  /** Boxes drawn over it, in pixels of the picture. */
  readonly boxes?: readonly Box[]
}

/** Options of {@link sheetSvg}. */
export interface SheetOptions extends Pick<OverlayOptions, 'colorMap' | 'opacity'> {
  /** Above the sheet: what the network named. */
  readonly title?: string
  /** Below that: network, weights, picture. */
  readonly subtitle?: string
  /** What stands below the picture itself, which is the first cell. */
  readonly pictureLines?: readonly string[]
  /** Cells in a row; 4 unless given. */
  readonly columns?: number
  /** Width of a cell in pixels; 224 unless given. */
  readonly cellWidth?: number
}

/**
 * Maps of one picture side by side, each with its caption, after the picture itself; of all of them the part that the
 * network saw.
 *
 * @returns an SVG document that needs nothing beside it
 */
export async function sheetSvg(
  image: ImageSource,
  cells: readonly SheetCell[],
  options: SheetOptions = {},
): Promise<string> {
  const { title, subtitle, pictureLines = [], columns = 4, cellWidth = 224, colorMap = 'turbo' } = options
  const picture = toPicture(image)
  const seen = cells[0]?.map.box ?? ([0, 0, picture.width, picture.height] as const)
  const tiles: Tile[] = [
    { shown: cutOut(picture, seen, cellWidth), title: 'what the network saw', lines: pictureLines },
  ]
  for (const { map, title: name = map.method, lines = [], boxes = [] } of cells) {
    const shown = cutOut(overlay(picture, map, options), map.box, cellWidth)
    drawBoxes(
      shown,
      boxes.map((box) => within(box, map.box, shown)),
    )
    tiles.push({ shown, title: name, lines: map.empty ? [...lines, 'empty: nothing speaks for the class'] : lines })
  }
  const across = Math.min(columns, tiles.length)
  const layout = { across, cellWidth, rows: rowHeights(tiles, across, cellWidth), top: title || subtitle ? HEAD : GAP }
  const width = Math.max(across * (cellWidth + GAP) + GAP, 2 * GAP + 320)
  const height = layout.top + layout.rows.reduce((sum, row) => sum + row, 0) + FOOT
  const drawn = await Promise.all(tiles.map((tile, i) => drawTile(tile, i, layout)))
  return `${xml`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif" role="img">
<title>${[title, subtitle].filter(Boolean).join('. ') || 'Class activation maps'}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${title ? xml`<text x="${GAP}" y="34" font-size="20" font-weight="600" fill="${INK}">${title}</text>` : ''}
${subtitle ? xml`<text x="${GAP}" y="56" font-size="13" fill="${MUTED}">${subtitle}</text>` : ''}
${drawn}
${legend(colorMap, height - 22)}
</svg>`}\n`
}

interface Tile {
  readonly shown: Picture
  readonly title: string
  readonly lines: readonly string[]
}

interface Layout {
  readonly across: number
  readonly cellWidth: number
  readonly rows: readonly number[]
  readonly top: number
}

const GAP = 20
const HEAD = 76
const FOOT = 44
const LINE = 17
// The report's ink and muted.
const INK = '#1c2127'
const MUTED = '#59626c'

/** Pixels for each of the drawing's, so that a sheet is sharp on a fine screen. */
const DENSITY = 2

/** A part of a picture at the width of a cell. */
function cutOut(picture: Picture, box: Box, cellWidth: number): Picture {
  const whole = box.map(Math.round) as unknown as Box
  const cut = crop(picture, whole)
  const scale = (DENSITY * cellWidth) / cut.width
  return resize(cut, {
    width: DENSITY * cellWidth,
    height: Math.max(1, Math.round(cut.height * scale)),
    filter: 'bilinear',
  })
}

/** A box of the picture in the pixels of a cut-out. */
function within(box: Box, [left, top, right, bottom]: Box, shown: Picture): Box {
  const [across, down] = [shown.width / (right - left), shown.height / (bottom - top)]
  return [(box[0] - left) * across, (box[1] - top) * down, (box[2] - left) * across, (box[3] - top) * down]
}

function rowHeights(tiles: readonly Tile[], across: number, cellWidth: number): number[] {
  const heights = tiles.map(({ shown, lines }) => (shown.height / shown.width) * cellWidth + 30 + LINE * lines.length)
  const rows = Array.from({ length: Math.ceil(tiles.length / across) }, (_, row) => row * across)
  return rows.map((first) => Math.max(...heights.slice(first, first + across)) + GAP / 2)
}

async function drawTile({ shown, title, lines }: Tile, index: number, layout: Layout): Promise<Xml> {
  const { across, cellWidth, rows, top } = layout
  const row = Math.floor(index / across)
  const x = GAP + (index % across) * (cellWidth + GAP)
  const y = top + rows.slice(0, row).reduce((sum, height) => sum + height, 0)
  const height = (shown.height / shown.width) * cellWidth
  const href = dataUrl(await encodeImage(shown, 'jpeg'), 'image/jpeg')
  const captions = lines.map(
    (line, i) => xml`<text y="${height + 22 + LINE * (i + 1)}" font-size="12" fill="${MUTED}">${line}</text>`,
  )
  return xml`<g transform="translate(${x} ${y})"><image width="${cellWidth}" height="${height}" href="${href}"/>
<text y="${height + 20}" font-size="14" font-weight="600" fill="${INK}">${title}</text>${captions}</g>\n`
}

/** The colours from weak to strong. */
function legend(colorMap: ColorMap, y: number): Xml {
  const table = colorTable(colorMap)
  const steps = 32
  const bars = Array.from({ length: steps }, (_, i) => {
    const [red, green, blue] = table.subarray(3 * Math.round((255 * i) / (steps - 1)))
    return xml`<rect x="${GAP + 40 + 5 * i}" y="${y - 10}" width="5.5" height="12" fill="rgb(${red!},${green!},${blue!})"/>`
  })
  return xml`<g font-size="12" fill="${MUTED}"><text x="${GAP}" y="${y}">weak</text>${bars}<text x="${GAP + 48 + 5 * steps}" y="${y}">strong</text></g>`
}
