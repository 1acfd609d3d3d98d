import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { lexer, type Token, walkTokens } from 'marked'
import { published, repository } from './published.ts'

/** A block of code in a README. */
export interface Snippet {
  /** `packages/zoo/README.md` */
  readonly readme: string
  /** The line of the README that its code begins on. */
  readonly line: number
  readonly code: string
  readonly language: 'ts' | 'sh'
  /** Whether it can be run as it stands, in a folder that has `daisy.jpg`, `flowers/` and `data/flowers-200/`: marked by
   * `ts run` or `sh run`. */
  readonly run: boolean
  /** Fit for a file name: `zoo-5`. */
  readonly id: string
}

/** Every block marked `ts` or `sh` in the READMEs of the root and of the published packages. */
export function snippets(): readonly Snippet[] {
  return [repository, ...published.map(({ folder }) => folder)].flatMap((folder) => {
    const readme = join(folder, 'README.md')
    return snippetsOf(relative(repository, readme), readFileSync(readme, 'utf8'))
  })
}

function snippetsOf(readme: string, text: string): Snippet[] {
  const name = readme.split('/').at(-2) ?? 'root'
  const found: Snippet[] = []
  let from = 0
  const visit = (token: Token): void => {
    if (token.type !== 'code') return
    const [, language, run] = /^(ts|sh)( run)?$/.exec(token.lang ?? '') ?? []
    if (language === undefined) return
    const at = text.indexOf(firstLine(token.text), from)
    from = at + 1
    const line = text.slice(0, at).split('\n').length
    found.push({
      readme,
      line,
      code: token.text,
      language: language as 'ts' | 'sh',
      run: run !== undefined,
      id: `${name}-${line}`,
    })
  }
  walkTokens(lexer(text), visit)
  return found
}

function firstLine(code: string): string {
  return code.slice(0, code.indexOf('\n') === -1 ? undefined : code.indexOf('\n'))
}
