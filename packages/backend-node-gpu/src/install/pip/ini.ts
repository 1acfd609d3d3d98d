/** Values of a file by section and key: `global` -> `index-url` -> value. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

/**
 * Reads a file of pip's configuration, written as Python's `configparser` reads it: `key = value` or `key: value` in `[sections]`,
 * further lines of a value indented. Keys come in pip's form, in lower case with hyphens.
 */
export function parseIni(text: string): Sections {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | undefined
  let key: string | undefined
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue
    const header = /^\[([^\]]+)\]/.exec(line)?.[1]
    const pair = /^([^\s=:][^=:]*?)\s*[=:]\s*(.*)$/.exec(line)
    if (header !== undefined) {
      section = sections.get(header) ?? new Map()
      sections.set(header, section)
      key = undefined
    } else if (/^\s/.test(line) && section !== undefined && key !== undefined) {
      section.set(key, `${section.get(key)}\n${line.trim()}`.trim())
    } else if (pair !== null && section !== undefined) {
      key = pair[1]!.toLowerCase().replaceAll('_', '-')
      section.set(key, pair[2]!.trim())
    }
  }
  return sections
}
