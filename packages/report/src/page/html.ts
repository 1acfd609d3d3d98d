/** A piece of HTML that is safe to show: made by {@link html}, or known to be markup. */
export interface Html {
  readonly markup: string
}

type Piece = Html | string | number | undefined | null | false | readonly Piece[]

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!)

function markupOf(piece: Piece): string {
  if (piece === undefined || piece === null || piece === false) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece))
  return 'markup' in piece ? piece.markup : piece.map(markupOf).join('')
}

/** HTML from a template: whatever is put into it is escaped, unless it is HTML itself. Nothing and `false` leave no trace. */
export const html = (strings: TemplateStringsArray, ...pieces: Piece[]): Html => ({
  markup: strings.reduce((text, string, index) => text + markupOf(pieces[index - 1]) + string),
})

/** Markup from a trusted maker, as it is: a drawing that the plot library has serialised. */
export const trusted = (markup: string): Html => ({ markup })
