// Keras' HDF5 files: https://github.com/keras-team/keras/blob/v3.12.0/keras/src/legacy/saving/legacy_h5_format.py
import { badFile, weightsError } from '../error.ts'
import type { Location } from '../files/byte-file.ts'
import type { WeightFile } from '../weight-file.ts'
import { type Hdf5Object, openHdf5 } from './hdf5/hdf5.ts'
import { byPath, parseKerasConfig } from './keras-config.ts'
import { kerasFile, type LayerWeights } from './keras-tensors.ts'
import { isKerasV3, openKerasV3 } from './keras-v3.ts'

/** Opens what Keras saved as HDF5: weights (`.h5` of Keras 1 and 2, `.weights.h5` of Keras 3) or a whole model's (`.h5`). */
export async function openKerasH5(location: Location, source: string): Promise<WeightFile> {
  const h5 = await openHdf5(await location.folder.open(location.path), source)
  const group = (await h5.root.child('model_weights')) ?? h5.root
  const layerNames = await texts(group, 'layer_names', source)
  if (layerNames === undefined) {
    if (await isKerasV3(h5.root)) return openKerasV3(h5)
    throw weightsError(
      'UNKNOWN_FORMAT',
      `${source} is an HDF5 file, but not one with the weights of a Keras model. Save it with model.save_weights.`,
    )
  }
  const config = await h5.root.attribute('model_config')
  const known = typeof config === 'string' ? byPath(parseKerasConfig(config, source)) : undefined
  const layers: LayerWeights[] = []
  const seen = new Set<number>()
  const top = (await group.child(topLevel)) === undefined ? [] : [topLevel]
  for (const name of [...layerNames, ...top]) {
    const layer = await group.child(name)
    if (layer === undefined) throw badFile(source, `lists the layer "${name}", which is not there`)
    if (seen.has(layer.address)) throw badFile(source, `lists the layer "${name}" twice`)
    seen.add(layer.address)
    const weights: { name: string; object: Hdf5Object }[] = []
    for (const weight of (await texts(layer, 'weight_names', source)) ?? []) {
      const object = await layer.child(weight)
      if (object === undefined) throw badFile(source, `lists the weight "${weight}" of "${name}", which is not there`)
      if (seen.has(object.address)) throw badFile(source, `lists the weight "${weight}" of "${name}" twice`)
      seen.add(object.address)
      weights.push({ name: modern(name === topLevel ? plain(weight) : tensorName(name, weight), known), object })
    }
    layers.push({ name, className: known?.get(name)?.className, weights })
  }
  const [version, backend] = [await group.attribute('keras_version'), await group.attribute('backend')]
  return kerasFile(h5, 'keras-h5', layers, {
    // Keras itself takes a file without a version for one of Keras 1.
    keras_version: version ?? '1',
    ...(backend === undefined ? {} : { backend }),
    ...(typeof config === 'string' ? { model_config: config } : {}),
  })
}

/** Weights that belong to the model and to none of its layers; Keras loads them last. */
const topLevel = 'top_level_model_weights'

const plain = (weight: string): string => weight.replace(/:\d+$/, '')

/**
 * `layer/weight`, without TensorFlow's `:0` and without the scope that says the layer again: `conv1/kernel:0`,
 * `conv1_1/kernel:0` and `model/conv1/kernel:0` of the layer `conv1` are all `conv1/kernel`.
 */
function tensorName(layer: string, weight: string): string {
  const name = plain(weight)
  if (name.startsWith(`${layer}/`)) return name
  const scope = name.slice(0, Math.max(name.lastIndexOf('/'), 0))
  const isAgain =
    scope.endsWith(`/${layer}`) || (scope.startsWith(`${layer}_`) && /^\d+$/.test(scope.slice(layer.length + 1)))
  return `${layer}/${isAgain ? name.slice(scope.length + 1) : name}`
}

/** Keras 3 calls the kernel of a depthwise convolution `kernel` here, where all other Keras files say `depthwise_kernel`. */
function modern(name: string, known: ReturnType<typeof byPath> | undefined): string {
  const layer = name.slice(0, name.lastIndexOf('/'))
  const isDepthwise = known?.get(layer)?.className.startsWith('DepthwiseConv') === true
  return isDepthwise && name === `${layer}/kernel` ? `${layer}/depthwise_kernel` : name
}

/** A list of texts in an attribute, which Keras splits where it is long: `layer_names0`, `layer_names1`, ... */
async function texts(object: Hdf5Object, name: string, source: string): Promise<readonly string[] | undefined> {
  const whole = await object.attribute(name)
  if (whole !== undefined) return textsOf(whole, name, source)
  const found: string[] = []
  for (let part = 0; ; part++) {
    const some = await object.attribute(`${name}${part}`)
    if (some === undefined) return part === 0 ? undefined : found
    for (const text of textsOf(some, name, source)) found.push(text)
  }
}

/** Longer ones have no place in a network, but may have one in a file that is made to fill the memory. */
const longestName = 1024

function textsOf(value: unknown, name: string, source: string): readonly string[] {
  if (Array.isArray(value) && value.every((text) => typeof text === 'string' && text.length <= longestName))
    return value
  throw badFile(source, `has an attribute "${name}" that is no list of names`)
}
