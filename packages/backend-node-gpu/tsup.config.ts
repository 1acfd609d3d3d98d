import { preset } from '../../tsup.preset.ts'

export default preset(['src/index.ts', 'src/index.browser.ts', 'src/install/cli.ts'])
