import type { Row } from '../row.ts'
import { trainRow } from './train.ts'

const prepare = async (): Promise<void> => (await import('../networks/fetch-resnet50.ts')).fetchResnet50()

const lastStage = {
  sameOutput: 'TensorFlow.js’ frozen `BatchNormalization` normalises by the batch all the same',
  ours: async () => (await import('../networks/cnnkit-resnet50.ts')).cnnkitResnet50LastStage(),
  stock: async () => (await import('../networks/tfjs-resnet50.ts')).tfjsResnet50LastStage(),
  prepare,
} as const

/** The last stage of ResNet-50 and its classifier, as in fine-tuning; one picture, for the sake of the cpu backend. */
export const trainResnet50LastStageBatch1: Row = trainRow({
  ...lastStage,
  name: 'train-resnet50-last-stage-batch-1',
  title: 'ResNet-50, training step, last stage and head, batch 1, 224 x 224',
  batch: 1,
  onCpu: true,
})

/** The same with four pictures. */
export const trainResnet50LastStage: Row = trainRow({
  ...lastStage,
  name: 'train-resnet50-last-stage',
  title: 'ResNet-50, training step, last stage and head, batch 4, 224 x 224',
  batch: 4,
})

/** All of ResNet-50. */
export const trainResnet50: Row = trainRow({
  name: 'train-resnet50',
  title: 'ResNet-50, training step, all layers, batch 4, 224 x 224',
  batch: 4,
  sameOutput: 1e-3,
  ours: async () => (await import('@cnnkit/zoo')).createModel('resnet50'),
  stock: async () => (await import('../networks/tfjs-resnet50.ts')).tfjsResnet50(),
  prepare,
})
