// https://github.com/keras-team/keras/blob/v2.15.0/keras/saving/legacy/hdf5_format.py, `save_weights_to_hdf5_group`
import { weightsError } from '../error.ts'
import { type GroupToWrite, group, hdf5Bytes, writable } from './hdf5/write.ts'
import type { KerasH5Options } from './keras-h5-write.ts'
import { type CheckedTensor, checkTensors, type TensorToWrite } from './tensor-to-write.ts'

/** The file, in pieces. */
export async function* kerasH5Pieces(
  tensors: Iterable<TensorToWrite>,
  options: KerasH5Options,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const layerOf = options.layerOf ?? ((name) => name.slice(0, Math.max(name.lastIndexOf('/'), 0)))
  const layers = new Map<string, CheckedTensor[]>()
  for (const tensor of checkTensors(tensors)) {
    const layer = layerOf(tensor.name)
    if (!isPath(tensor.name) || !isPath(layer)) throw badTensor(tensor, 'has no name of the form layer/weight.')
    if (!writable.has(tensor.dtype))
      throw badTensor(tensor, `cannot be kept as ${tensor.dtype} in HDF5. Keep it as float32.`)
    layers.set(layer, [...(layers.get(layer) ?? []), tensor])
  }
  const root = group()
  setTexts(root, 'layer_names', [...layers.keys()])
  root.attributes.set('backend', 'tensorflow').set('keras_version', '2.15.0')
  for (const [name, weights] of layers) {
    const layer = groupAt(root, name.split('/'))
    setTexts(
      layer,
      'weight_names',
      weights.map((weight) => `${weight.name}:0`),
    )
    for (const weight of weights) {
      const path = `${weight.name}:0`.split('/')
      const last = path.pop() as string
      const parent = groupAt(layer, path)
      if (parent.members.has(last)) throw badTensor(weight, 'is there twice, or is a layer as well.')
      parent.members.set(last, weight)
    }
  }
  yield* hdf5Bytes(root)
}

const isPath = (name: string): boolean =>
  name
    .split('/')
    .every((step) => step !== '' && step !== '.' && !step.includes('\0') && encoder.encode(step).length < 1024)

function groupAt(from: GroupToWrite, path: readonly string[]): GroupToWrite {
  let at = from
  for (const step of path) {
    const member = at.members.get(step) ?? group()
    if ('dtype' in member) throw badTensor(member, 'has the name of a layer.')
    at.members.set(step, member)
    at = member
  }
  return at
}

/** HDF5 has room for 64 KiB in an attribute. Keras' own limit; what is longer goes on in `name1`, `name2`, ... */
const attributeLimit = 64512

function setTexts({ attributes }: GroupToWrite, name: string, texts: readonly string[]): void {
  const width = texts.reduce((widest, text) => Math.max(widest, encoder.encode(text).length), 1)
  const many = Math.floor(attributeLimit / width)
  if (texts.length <= many) {
    attributes.set(name, texts)
    return
  }
  for (let part = 0; part * many < texts.length; part++) {
    attributes.set(`${name}${part}`, texts.slice(part * many, (part + 1) * many))
  }
}

const badTensor = ({ name }: CheckedTensor, what: string): Error =>
  weightsError('BAD_TENSOR', `The tensor "${name}" ${what}`)

const encoder = new TextEncoder()
