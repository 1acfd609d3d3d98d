import { mkdir } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { isCnnkitError } from '@cnnkit/errors'
import { weightsError } from '../error.ts'
import { sweepAbandoned, syncFolder, writeWhole } from '../files/durable.node.ts'
import { type KerasH5Options, kerasH5Bytes } from './keras-h5-write.ts'
import { type SafetensorsOptions, safetensorsBytes } from './safetensors-write.ts'
import type { TensorToWrite } from './tensor-to-write.ts'
import { torchBytes } from './torch-write.ts'

/**
 * Writes tensors as a `.safetensors` file, byte for byte as the safetensors library would. The file is there when it is
 * whole; until then one of that name stays as it was. Missing folders are made.
 *
 * Errors: `BAD_TENSOR`; `WRITE_FAILED` where the disk refuses, with nothing left behind.
 */
export function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite>,
  options: SafetensorsOptions = {},
): Promise<void> {
  return writeFile(path, safetensorsBytes(tensors, options))
}

/**
 * Writes tensors as a PyTorch checkpoint: `model.load_state_dict(torch.load(path))`. The file is there when it is whole;
 * until then one of that name stays as it was. Missing folders are made.
 *
 * Errors: `BAD_TENSOR`; `TOO_LARGE` from 4 GiB on; `WRITE_FAILED` where the disk refuses, with nothing left behind.
 */
export function writeTorch(path: string, tensors: Iterable<TensorToWrite>): Promise<void> {
  return writeFile(path, torchBytes(tensors))
}

/**
 * Writes tensors named `layer/weight` as Keras weights (`.h5`): `model.load_weights(path)` in Keras 2 and 3, which take them
 * by order. The file is there when it is whole; until then one of that name stays as it was. Missing folders are made.
 *
 * Errors: `BAD_TENSOR`; `WRITE_FAILED` where the disk refuses, with nothing left behind.
 */
export function writeKerasH5(
  path: string,
  tensors: Iterable<TensorToWrite>,
  options: KerasH5Options = {},
): Promise<void> {
  return writeFile(path, kerasH5Bytes(tensors, options))
}

async function writeFile(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const target = resolve(path)
  try {
    await mkdir(dirname(target), { recursive: true })
    await writeWhole(target, pieces)
  } catch (error) {
    if (isCnnkitError(error) || (error as NodeJS.ErrnoException).syscall === undefined) throw error
    throw weightsError(
      'WRITE_FAILED',
      `The weights could not be written to ${target}: ${error}. Nothing was changed.`,
      error,
    )
  }
  await syncFolder(dirname(target))
  await sweepAbandoned(dirname(target), `.${basename(target)}`)
}
