import { defineConfig, type ViteUserConfig } from 'vitest/config'

// Packages are resolved to their sources (the condition @cnnkit/source), so tests need no build.
const conditions = ['@cnnkit/source', 'module', 'import', 'default']

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'import', 'default'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', '{bench,conformance}/src/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts', '**/node_modules/**'],
    pool: 'forks',
    maxWorkers: '100%',
    silent: 'passed-only',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})

export default config
