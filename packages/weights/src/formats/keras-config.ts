// A model's configuration as Keras saves it: https://github.com/keras-team/keras/tree/v3.12.0/keras/src/saving
import { badFile } from '../error.ts'

/** A layer of a model's configuration. */
export interface KerasLayer {
  /** As the model's author named it. */
  readonly name: string
  /** `Conv2D`, `Functional`, ... */
  readonly className: string
  /** Its options: `filters`, `use_bias`, ... */
  readonly options: Readonly<Record<string, unknown>>
  /** Of a model inside the model. */
  readonly layers: readonly KerasLayer[]
}

/** Models in models in models: no classic network goes beyond three. */
const deepest = 16

/** The layers of a model's configuration in its order; none where it lists none. Errors: `BAD_FILE` where it is no JSON. */
export function parseKerasConfig(json: string, source: string): readonly KerasLayer[] {
  try {
    return layersOf(JSON.parse(json), 0)
  } catch (error) {
    throw badFile(source, `has a model configuration that is not JSON (${json.length} letters)`, error)
  }
}

function layersOf(model: unknown, depth: number): KerasLayer[] {
  const config = field(model, 'config')
  // Keras 1 kept a sequential model's layers without a name around them.
  const list = Array.isArray(config) ? config : field(config, 'layers')
  if (!Array.isArray(list) || depth > deepest) return []
  return list.map((layer: unknown) => {
    const options = field(layer, 'config')
    const name = field(options, 'name') ?? field(layer, 'name')
    const className = field(layer, 'class_name')
    return {
      name: typeof name === 'string' ? name : '',
      className: typeof className === 'string' ? (className.split('>').at(-1) ?? '') : '',
      options: typeof options === 'object' && options !== null && !Array.isArray(options) ? { ...options } : {},
      layers: layersOf(layer, depth + 1),
    }
  })
}

/** Each layer by its path (`inner/conv1` for one in a model in the model). */
export function byPath(layers: readonly KerasLayer[], prefix = ''): Map<string, KerasLayer> {
  const found = new Map<string, KerasLayer>()
  for (const layer of layers) {
    found.set(prefix + layer.name, layer)
    for (const [path, inner] of byPath(layer.layers, `${prefix}${layer.name}/`)) found.set(path, inner)
  }
  return found
}

/** Keras' own: `DepthwiseConv2D` is `depthwise_conv2d`. keras/src/utils/naming.py */
export const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
