import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// The packages are used as they are published, so nothing here resolves to their sources.
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    include: ['src/**/*.test.ts'],
    globalSetup: ['src/setup/global.ts'],
    pool: 'forks',
    maxWorkers: '100%',
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
