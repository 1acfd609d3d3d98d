import type { Row } from '../row.ts'
import { forwardRow } from './forward.ts'

/** MobileNet v1 as in the paper; weights by formula, as none are at hand. */
export const forwardMobilenetV1100: Row = forwardRow({
  name: 'forward-mobilenet-v1-100',
  title: 'MobileNet v1 1.0, forward, batch 1, 224 x 224',
  batch: 1,
  ours: async () => (await import('../networks/cnnkit-mobilenet-v1.ts')).cnnkitMobilenetV1100(),
  stock: async () => (await import('../networks/tfjs-mobilenet-v1.ts')).tfjsMobilenetV1100(),
})
