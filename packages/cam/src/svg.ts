/** Text of a drawing that is XML already. */
export class Xml {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

/** What may stand in a template of {@link xml}. */
type Part = string | number | Xml | readonly Xml[]

/** A template in which texts are escaped and numbers rounded to a hundredth. */
export function xml(strings: TemplateStringsArray, ...parts: readonly Part[]): Xml {
  return new Xml(strings.map((text, i) => (i === 0 ? text : `${written(parts[i - 1]!)}${text}`)).join(''))
}

function written(part: Part): string {
  if (typeof part === 'number') return String(Math.round(part * 100) / 100)
  if (typeof part === 'string') return part.replace(UNPRINTABLE, '\uFFFD').replace(/[&<>"]/g, (sign) => ESCAPES[sign]!)
  return part instanceof Xml ? String(part) : part.join('')
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** What XML does not allow, and what turns the reading direction: names of files are written by strangers. */
const UNPRINTABLE = /[^\P{Cc}\t\n]|\p{Cs}|[\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]/gu

/** Bytes as a URL that holds them. */
export function dataUrl(bytes: Uint8Array, mime: 'image/png' | 'image/jpeg'): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return `data:${mime};base64,${btoa(text)}`
}
