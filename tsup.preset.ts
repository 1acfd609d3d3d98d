import { defineConfig } from 'tsup'
import { emitDeclarations } from './declarations.preset.ts'

/** How every package of the house is built: ES modules with types and maps, nothing bundled that is a dependency. */
export const preset = (entry: string[]): ReturnType<typeof defineConfig> =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    external: [/^node:/],
    sourcemap: true,
    clean: true,
    treeshake: true,
    silent: true,
    onSuccess: async () => emitDeclarations(entry),
  })
