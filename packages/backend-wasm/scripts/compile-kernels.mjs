// Compiles assembly/ with AssemblyScript and writes a module with the bytes in it for each set of instructions: so a bundler, Node and
// the tests find them alike, and none is loaded before it is chosen. It holds the variant without threads and that with them, which
// is nearly the same and so takes next to no room behind it. `--check` only says whether they are up to date.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import asc from 'assemblyscript/asc'

const folder = fileURLToPath(new URL('..', import.meta.url))
const threads = ['--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536', '--initialMemory', '1']
const relaxed = ['--enable', 'relaxed-simd']
const variants = { simd: [], relaxed }

/** The bytes of a variant. */
async function compile(name, flags) {
  const fixed = [
    '-O3',
    '--shrinkLevel',
    '1',
    '--disableWarning',
    '112',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--importMemory',
    '--use',
    'abort=',
  ]
  let bytes
  const { error, stderr } = await asc.main(
    ['assembly/index.ts', '--outFile', 'kernels.wasm', '--baseDir', folder, ...fixed, ...flags],
    {
      writeFile: (file, contents) => {
        if (file === 'kernels.wasm') bytes = contents
      },
    },
  )
  if (error || bytes === undefined) throw new Error(`${name}: ${error?.message}\n${stderr.toString()}`)
  const module = await WebAssembly.compile(bytes).catch(() => undefined)
  const imports = module === undefined ? [] : WebAssembly.Module.imports(module)
  if (imports.some(({ kind }) => kind !== 'memory')) throw new Error(`${name} imports more than memory`)
  return bytes
}

function sourceOf(plain, threaded) {
  const deflated = deflateRawSync(Buffer.concat([plain, threaded]), { level: 9 })
  return `// Written by scripts/compile-kernels.mjs from assembly/; do not edit.

/** So many of the bytes are the variant without threads; that with them follows. */
export const plainBytes: number = ${plain.length}

/** ${plain.length + threaded.length} bytes of WebAssembly, deflated: servers compress little of what is in base64. */
export const binary: string =
  '${deflated.toString('base64')}'
`
}

let stale = 0
await mkdir(`${folder}src/engine/binaries`, { recursive: true })
for (const [name, flags] of Object.entries(variants)) {
  const file = `${folder}src/engine/binaries/${name}.ts`
  const source = sourceOf(await compile(name, flags), await compile(name, [...flags, ...threads]))
  if ((await readFile(file, 'utf8').catch(() => '')) === source) continue
  stale += 1
  if (process.argv.includes('--check'))
    process.stderr.write(`${name} is older than assembly/: run the package's build\n`)
  else await writeFile(file, source)
}
if (process.argv.includes('--check') && stale > 0) process.exitCode = 1
