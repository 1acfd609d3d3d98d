import type * as Plot from '@observablehq/plot'
import { type ChartTheme, color, paletteStyle, withColors } from './palette.ts'

/** What every chart can be told. */
export interface ChartOptions {
  /** In pixels; the height follows. Text keeps its size, so ask for the width at which it is shown. */
  width?: number
  /** Default `'light'`: fixed colours on white, for papers and for programs that know no CSS. */
  theme?: ChartTheme
}

/** Who a finished drawing is for: a file of its own in some theme, or a page that brings ground and colours. */
export type Place = ChartTheme | 'page'

/** The plot library and the document that it draws in. */
export interface Pen {
  plot: typeof Plot
  document: Document
  serialize: (svg: Element) => string
}

/** Loads what drawing needs: large, and so only when the first chart is asked for. */
export async function takePen(): Promise<Pen> {
  const [plot, { chartDocument, serialize }] = await Promise.all([import('@observablehq/plot'), import('#document')])
  return { plot, document: chartDocument(), serialize }
}

/** One plot without a style sheet of its own, in the colours and letters of the house. */
export function sketch(pen: Pen, options: Plot.PlotOptions): SVGSVGElement {
  const svg = pen.plot.plot({ document: pen.document, ...options }) as unknown as SVGSVGElement
  svg.querySelector('style')?.remove()
  svg.removeAttribute('class')
  svg.setAttribute('color', color('muted'))
  svg.setAttribute('font-size', '12')
  return svg
}

/** Drawings of one width, one below the other. */
export function stack(pen: Pen, drawings: SVGSVGElement[]): SVGSVGElement {
  const [first] = drawings
  if (drawings.length === 1 && first) return first
  const outer = pen.document.createElementNS('http://www.w3.org/2000/svg', 'svg') as SVGSVGElement
  const width = Math.max(...drawings.map((svg) => Number(svg.getAttribute('width'))))
  let height = 0
  for (const svg of drawings) {
    svg.setAttribute('y', String(height))
    height += Number(svg.getAttribute('height'))
    outer.append(svg)
  }
  outer.setAttribute('width', String(width))
  outer.setAttribute('height', String(height))
  outer.setAttribute('viewBox', `0 0 ${width} ${height}`)
  return outer
}

/**
 * Positions to a hundredth of a pixel and, where a theme is fixed, colours in place of their names. The drawing is one image
 * with one text, so its parts lose theirs.
 */
function settle(svg: SVGSVGElement, place: Place): void {
  for (const element of [svg, ...svg.querySelectorAll('*')]) {
    for (const { name, value } of [...element.attributes]) {
      if (name.startsWith('aria-')) {
        element.removeAttribute(name)
        continue
      }
      const short = value.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100))
      element.setAttribute(name, place === 'light' || place === 'dark' ? withColors(short, place) : short)
    }
  }
}

/** The drawing as text: with its alternative text (none for decoration), and on its own ground unless a page brings one. */
export function finish(pen: Pen, svg: SVGSVGElement, label: string | undefined, place: Place): string {
  const namespace = 'http://www.w3.org/2000/svg'
  svg.setAttribute('font-family', 'system-ui, sans-serif')
  svg.setAttribute('fill', 'currentColor')
  if (place !== 'page') {
    const ground = pen.document.createElementNS(namespace, 'rect')
    for (const side of ['width', 'height']) ground.setAttribute(side, '100%')
    ground.setAttribute('fill', color('ground'))
    svg.prepend(ground)
  }
  settle(svg, place)
  if (place === 'auto') {
    const style = pen.document.createElementNS(namespace, 'style')
    style.textContent = paletteStyle('.cnnkit-chart')
    svg.prepend(style)
  }
  svg.setAttribute('class', 'cnnkit-chart')
  if (label === undefined) {
    svg.setAttribute('aria-hidden', 'true')
  } else {
    svg.setAttribute('role', 'img')
    svg.setAttribute('aria-label', label)
  }
  return pen.serialize(svg)
}
