import { relative } from 'node:path'
import ts from 'typescript'
import { inject } from 'vitest'

/**
 * Type-checks files of the project with the packages as its user would, strictly.
 *
 * @returns what the compiler has to say, a line each, the file relative to the project
 */
export function problems(files: readonly string[], options: ts.CompilerOptions): string[] {
  const project = inject('project')
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: ['node'],
    typeRoots: [`${project}/node_modules/@types`],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    ...options,
  })
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')
    if (!diagnostic.file) return text
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0)
    return `${relative(project, diagnostic.file.fileName)}:${line + 1} ${text}`
  })
}
