import { encodeImage, type ImageSource, type Picture, toPicture } from '@cnnkit/images'
import { type ActivationMap, scaleMap } from './activation-map.ts'
import { type ColorMap, colorTable } from './color-map.ts'
import { DIMMED, type OverlayOptions } from './overlay.ts'
import { drawnBox, lineWidth } from './overlay-boxes.ts'
import { dataUrl, xml } from './svg.ts'

/** Options of {@link overlaySvg}. */
export interface OverlaySvgOptions extends OverlayOptions {
  /** What the drawing says to who cannot see it; the method and the layer unless given. */
  readonly title?: string
}

/**
 * {@link overlay} as a drawing: the picture, the map over it and the boxes are parts of their own, so that another program
 * can move or hide them. All that it needs is in it.
 *
 * @returns an SVG document, at the picture's own size
 */
export async function overlaySvg(
  image: ImageSource,
  map: ActivationMap,
  options: OverlaySvgOptions = {},
): Promise<string> {
  const { colorMap = 'turbo', opacity = 0.5, boxes = [], title = `${map.method}, ${map.layer}` } = options
  const picture = toPicture(image)
  const { width, height } = picture
  const [left, top, right, bottom] = map.box
  const [across, down] = [right - left, bottom - top]
  const line = lineWidth(picture)
  const rectangles = boxes.map((box) => {
    const [from, above, to, below] = drawnBox(box, picture, line / 2)
    const [x, y] = [from + line / 2, above + line / 2]
    return xml`<rect x="${x}" y="${y}" width="${to - from - line}" height="${below - above - line}"/>`
  })
  const photo = dataUrl(await encodeImage(picture, 'jpeg'), 'image/jpeg')
  const heat = dataUrl(await encodeImage(colored(map, colorMap), 'png'), 'image/png')
  const outside = `M0 0H${width}V${height}H0ZM${left} ${top}H${right}V${bottom}H${left}Z`
  return `${xml`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${title}</title>
<image class="picture" width="${width}" height="${height}" href="${photo}"/>
<path class="unseen" fill="#000" fill-opacity="${1 - DIMMED}" fill-rule="evenodd" d="${outside}"/>
<image class="map" x="${left}" y="${top}" width="${across}" height="${down}" preserveAspectRatio="none" opacity="${opacity}" href="${heat}"/>
<g class="boxes" fill="none" stroke="#1c1c1c" stroke-width="${2 * line}">${rectangles}</g>
<g class="boxes" fill="none" stroke="#fff" stroke-width="${line}">${rectangles}</g>
</svg>`}\n`
}

const MOST = 512

/** The map's colours, with as many pixels as the crop has, but at most 512 on a side. */
function colored(map: ActivationMap, colorMap: ColorMap): Picture {
  const [left, top, right, bottom] = map.box
  const scale = Math.min(1, MOST / Math.max(right - left, bottom - top))
  const width = Math.max(1, Math.round((right - left) * scale))
  const height = Math.max(1, Math.round((bottom - top) * scale))
  const table = colorTable(colorMap)
  const data = new Uint8Array(width * height * 3)
  for (const [i, value] of scaleMap(map, height, width).entries()) {
    const level = 3 * Math.round(255 * value)
    data.set(table.subarray(level, level + 3), 3 * i)
  }
  return { data, width, height, channels: 3 }
}
