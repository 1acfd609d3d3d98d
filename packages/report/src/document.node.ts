import { DOMParser } from 'linkedom'

/** A document to draw in, where there is no page: linkedom's, as XML, so that names are escaped as SVG wants them. */
export function chartDocument(): Document {
  const document: unknown = new DOMParser().parseFromString(
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    'image/svg+xml',
  )
  return document as Document
}

/** The text of a drawing that stands by itself as a file. */
export function serialize(svg: Element): string {
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return svg.outerHTML
}
