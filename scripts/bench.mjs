// `npm run bench [-- arguments]`: installs and builds what has changed, then measures.
import { join } from 'node:path'
import { build } from './build.mjs'
import { root } from './root.mjs'
import { runInForeground } from './run-in-foreground.mjs'

await build('bench')
runInForeground(join(root, 'bench/dist/main.js'), process.argv.slice(2))
