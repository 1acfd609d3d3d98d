import type { ByteFile } from '../files/byte-file.ts'
import type { TorchStorage } from './torch-tensor.ts'

/** Where a storage's bytes begin. */
type StoragePlace = (storage: TorchStorage) => Promise<{ readonly file: ByteFile; readonly start: number }>

/** The value that a file was saved from, and its storages. */
export interface TorchContent {
  readonly form: 'zip' | 'legacy'
  readonly value: unknown
  readonly place: StoragePlace
}

/** The pickle of a network of ten thousand tensors has 2 MB. */
export const pickleLimit: number = 16 * 2 ** 20
