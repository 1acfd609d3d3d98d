import { weightsError } from '../error.ts'
import type { KerasH5Options } from './keras-h5-write.ts'
import type { SafetensorsOptions } from './safetensors-write.ts'
import type { TensorToWrite } from './tensor-to-write.ts'

/** Node writes files; a page cannot. Rejects with `NOT_IN_BROWSER`: use `safetensorsBytes`. */
export async function writeSafetensors(
  path: string,
  _tensors: Iterable<TensorToWrite>,
  _options: SafetensorsOptions = {},
): Promise<void> {
  throw notHere(path, 'safetensorsBytes')
}

/** Node writes files; a page cannot. Rejects with `NOT_IN_BROWSER`: use `torchBytes`. */
export async function writeTorch(path: string, _tensors: Iterable<TensorToWrite>): Promise<void> {
  throw notHere(path, 'torchBytes')
}

/** Node writes files; a page cannot. Rejects with `NOT_IN_BROWSER`: use `kerasH5Bytes`. */
export async function writeKerasH5(
  path: string,
  _tensors: Iterable<TensorToWrite>,
  _options: KerasH5Options = {},
): Promise<void> {
  throw notHere(path, 'kerasH5Bytes')
}

const notHere = (path: string, instead: string): Error =>
  weightsError(
    'NOT_IN_BROWSER',
    `A page cannot write the file "${path}". Collect the pieces of ${instead}() in a Blob.`,
  )
