import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  isolatedDeclarations: true,
  verbatimModuleSyntax: true,
  declarationMap: true,
}

/**
 * Writes the declarations of all that the entries reach, file by file: `isolatedDeclarations` holds in this house, so that no file's
 * types wait for another's. Their maps lead editors to the sources, which are published too.
 *
 * @param entries relative to the package, below `src`
 * @throws where the type of an export is not written out
 */
export function emitDeclarations(entries: readonly string[], root: string = process.cwd()): void {
  const files = entries.map((entry) => resolve(root, entry))
  const known = new Set(files)
  for (const file of files) {
    const target = join(root, 'dist', relative(join(root, 'src'), file).replace(/ts$/, 'd.ts'))
    const imports = emit(file, target)
    for (const next of imports.map((specifier) => resolve(dirname(file), specifier))) {
      if (!known.has(next)) files.push(next)
      known.add(next)
    }
  }
}

/** Writes the declarations of one file and returns the files, relative to it, that these import. */
function emit(file: string, target: string): string[] {
  const source = readFileSync(file, 'utf8')
  const { outputText, sourceMapText, diagnostics } = ts.transpileDeclaration(source, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions,
  })
  if (diagnostics?.length) throw new Error(ts.formatDiagnostics(diagnostics, formatHost))
  const imports = ts
    .preProcessFile(outputText)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => /^\.\.?\/.*\.ts$/.test(name))
  const text = imports.reduce(
    (before, name) => before.replaceAll(`'${name}'`, `'${name.replace(/ts$/, 'js')}'`),
    outputText,
  )
  const sources = [relative(dirname(target), file)]
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text)
  writeFileSync(`${target}.map`, JSON.stringify({ ...JSON.parse(sourceMapText!), sources }))
  return imports
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => process.cwd(),
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
}
