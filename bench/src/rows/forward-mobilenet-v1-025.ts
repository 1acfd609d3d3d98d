import type { Row } from '../row.ts'
import { forwardRow } from './forward.ts'

/** The smallest network of the zoo. */
export const forwardMobilenetV1025: Row = forwardRow({
  name: 'forward-mobilenet-v1-025',
  title: 'MobileNet v1 0.25, forward, batch 1, 224 x 224',
  batch: 1,
  ours: async () => (await import('../networks/cnnkit-mobilenet-v1.ts')).cnnkitMobilenetV1025(),
  stock: async () => (await import('../networks/tfjs-mobilenet-v1.ts')).tfjsMobilenetV1025(),
})
