import { defineConfig } from 'tsup'

/** How every package of the house is built: ES modules with types and source maps, nothing bundled that is a dependency. */
export const preset = (entry: string[]): ReturnType<typeof defineConfig> =>
  defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    external: [/^node:/],
    dts: { compilerOptions: { isolatedDeclarations: false, composite: false } },
    sourcemap: true,
    clean: true,
    treeshake: true,
  })
