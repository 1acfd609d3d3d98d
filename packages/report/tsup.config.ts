import { defineConfig, type Options } from 'tsup'
import { preset } from '../../tsup.preset.ts'

// Which document is drawn in is decided by who loads the package, through the import map #document.
const base = preset(['src/index.ts', 'src/document.node.ts', 'src/document.browser.ts']) as Options

export default defineConfig({ ...base, external: [...(base.external ?? []), '#document'] })
