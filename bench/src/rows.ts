import type { Contender, Row } from './row.ts'
import { forwardMobilenetV1025 } from './rows/forward-mobilenet-v1-025.ts'
import { forwardMobilenetV1100 } from './rows/forward-mobilenet-v1-100.ts'
import { forwardResnet50 } from './rows/forward-resnet50.ts'
import { loadResnet50 } from './rows/load-resnet50.ts'
import { mapsRows } from './rows/maps.ts'
import { onnxChromiumRows, onnxRows } from './rows/onnx.ts'
import { ownKernelsRows } from './rows/own-kernels.ts'
import { photographsMobilenetV1025 } from './rows/photographs-mobilenet-v1-025.ts'
import { trainMobilenetV1025 } from './rows/train-mobilenet-v1-025.ts'
import { trainResnet50, trainResnet50LastStage, trainResnet50LastStageBatch1 } from './rows/train-resnet50.ts'
import {
  trainTensorflowMobilenetV1,
  trainTensorflowResnet20,
  trainTensorflowResnet50,
} from './rows/train-tensorflow.ts'
import { forwardWebgpuResnet20, trainWebgpuResnet20, warmWebgpuResnet20 } from './rows/webgpu.ts'

/** Everything that is compared, in the order it is measured and shown. */
export const rows: readonly Row[] = [
  forwardMobilenetV1025,
  forwardMobilenetV1100,
  forwardResnet50,
  loadResnet50,
  trainMobilenetV1025,
  photographsMobilenetV1025,
  trainResnet50LastStageBatch1,
  trainResnet50LastStage,
  trainResnet50,
  trainTensorflowResnet20,
  trainTensorflowMobilenetV1,
  trainTensorflowResnet50,
  forwardWebgpuResnet20,
  trainWebgpuResnet20,
  warmWebgpuResnet20,
  ...ownKernelsRows,
  ...onnxRows,
  ...onnxChromiumRows,
  ...mapsRows,
]

/** The row that is run by `--quick`: the smallest. */
export const quickRow: Row = forwardMobilenetV1025

/** The row of that name. Errors: a list of those there are. */
export function rowOf(name: string): Row {
  const row = rows.find((candidate) => candidate.name === name)
  if (row) return row
  throw new Error(`No row "${name}". There are:\n${rows.map((candidate) => `  ${candidate.name}`).join('\n')}`)
}

/** The contender of that name in a row. */
export function contenderOf(row: Row, name: string): Contender {
  const contender = row.contenders.find((candidate) => candidate.name === name)
  if (contender) return contender
  throw new Error(`No contender "${name}" in ${row.name}.`)
}
