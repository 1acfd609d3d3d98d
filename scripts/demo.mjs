// `npm run demo [-- arguments]`: installs and builds what has changed, then runs the example app.
import { join } from 'node:path'
import { build } from './build.mjs'
import { root } from './root.mjs'
import { runInForeground } from './run-in-foreground.mjs'

const app = 'fine-tune-folder'

await build(app)
runInForeground(join(root, 'apps', app, 'dist/main.js'), process.argv.slice(2))
