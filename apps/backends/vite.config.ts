import { defaultClientConditions, defineConfig, type UserConfig } from 'vite'

// What threads need of the page.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

const config: UserConfig = defineConfig({
  base: './',
  // The packages of this repository are taken as they are written, so that they need not be built first.
  resolve: { conditions: ['@cnnkit/source', ...defaultClientConditions] },
  build: { outDir: 'dist/page', target: 'es2022' },
  server: { headers },
  preview: { headers },
})

export default config
