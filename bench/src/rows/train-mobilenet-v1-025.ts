import type { Row } from '../row.ts'
import { trainRow } from './train.ts'

/** The network of the demo, all of it. */
export const trainMobilenetV1025: Row = trainRow({
  name: 'train-mobilenet-v1-025',
  title: 'MobileNet v1 0.25, training step, all layers, batch 16, 224 x 224',
  batch: 16,
  sameOutput: 1e-3,
  onCpu: true,
  ours: async () => (await import('../networks/cnnkit-mobilenet-v1.ts')).cnnkitMobilenetV1025(),
  stock: async () => (await import('../networks/tfjs-mobilenet-v1.ts')).tfjsMobilenetV1025(),
})
