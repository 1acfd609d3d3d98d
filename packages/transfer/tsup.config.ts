import { preset } from '../../tsup.preset.ts'

export default preset(['src/index.ts', 'src/training/checkpoint-file.ts', 'src/training/feature-folder.ts'])
