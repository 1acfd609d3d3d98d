import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config'
import base from './vitest.config.ts'

const config: ViteUserConfig = mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: [
        'packages/*/src/**/*.slow.test.ts',
        'apps/*/src/**/*.slow.test.ts',
        '{bench,conformance}/src/**/*.slow.test.ts',
      ],
      exclude: ['**/node_modules/**'],
      testTimeout: 30 * 60_000,
      hookTimeout: 30 * 60_000,
      passWithNoTests: true,
      // What is measured has the machine to itself.
      fileParallelism: false,
    },
  }),
)

export default config
