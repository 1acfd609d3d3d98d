import type { Row } from '../row.ts'
import { forwardRow } from './forward.ts'

/** The network that others are measured by. */
export const forwardResnet50: Row = forwardRow({
  name: 'forward-resnet50',
  title: 'ResNet-50, forward, batch 1, 224 x 224',
  batch: 1,
  ours: async () => (await import('@cnnkit/zoo')).createModel('resnet50'),
  stock: async () => (await import('../networks/tfjs-resnet50.ts')).tfjsResnet50(),
  prepare: async () => (await import('../networks/fetch-resnet50.ts')).fetchResnet50(),
})
