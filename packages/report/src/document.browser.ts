import { CnnkitError } from '@cnnkit/errors'

/**
 * The page's own document to draw in; nothing is added to the page.
 *
 * @throws CnnkitError `NO_DOCUMENT` in a worker
 */
export function chartDocument(): Document {
  if (typeof document === 'undefined') {
    throw new CnnkitError(
      'report',
      'NO_DOCUMENT',
      'There is no document to draw in (a worker has none). Draw on the page, or in Node.',
    )
  }
  return document
}

/** The text of a drawing that stands by itself as a file. */
export function serialize(svg: Element): string {
  return new XMLSerializer().serializeToString(svg)
}
