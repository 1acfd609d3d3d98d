import { preset } from '../../tsup.preset.ts'

export default preset(['src/index.node.ts', 'src/index.browser.ts'])
