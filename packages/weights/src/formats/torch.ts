// PyTorch's `.pth` and `.pt`: what `torch.save` writes since 1.6 (a zip file), and what it wrote before.
import type { Location } from '../files/byte-file.ts'
import { type NamedTensor, type WeightFile, weightFile } from '../weight-file.ts'
import { bytesPerValue, valuesOf } from './decode.ts'
import { readLegacy } from './torch-legacy.ts'
import { readTensor } from './torch-read.ts'
import { stateDictOf } from './torch-state-dict.ts'
import { readZip } from './torch-zip.ts'

/** Opens a checkpoint: its pickle is read, and the values when they are asked for. No code in it is run. */
export async function openTorch(location: Location, source: string): Promise<WeightFile> {
  const file = await location.folder.open(location.path)
  const head = new Uint8Array(Math.min(2, file.size))
  await file.readInto(head, 0)
  const { form, value, place } = await (head[0] === 0x80 ? readLegacy(file, source) : readZip(file, source))
  const { tensors, metadata } = stateDictOf(value, source)
  const named = tensors.map(
    ([name, tensor]): NamedTensor => ({
      name,
      shape: tensor.shape,
      dtype: tensor.dtype,
      byteLength: valuesOf(tensor.shape) * bytesPerValue[tensor.dtype],
      async read() {
        const { file, start } = await place(tensor.storage)
        return readTensor(tensor, file, start)
      },
    }),
  )
  return weightFile({ format: 'torch', source, tensors: named, metadata: { form, ...metadata } })
}
