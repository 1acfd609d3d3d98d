// Keras 3's weights: https://github.com/keras-team/keras/blob/v3.12.0/keras/src/saving/saving_lib.py

import { badFile } from '../error.ts'
import type { WeightFile } from '../weight-file.ts'
import type { Hdf5File, Hdf5Object } from './hdf5/hdf5.ts'
import type { KerasLayer } from './keras-config.ts'
import { kerasFile, type LayerWeights } from './keras-tensors.ts'
import { containers, locate, renumbered } from './keras-v3-places.ts'
import { weightNames } from './keras-weight-names.ts'

/** State of training and of random numbers, which are no weights. */
const notWeights = new Set(['optimizer', 'metrics', 'loss_tracker', 'seed_generator'])

/** Whether a file has weights as Keras 3 saves them. */
export async function isKerasV3(root: Hdf5Object): Promise<boolean> {
  const names = (await root.names()) ?? []
  return names.some((name) => containers.has(name.split('\\')[0] ?? '') || name === 'vars')
}

/**
 * The weights in a Keras 3 file. A layer is kept under its class and a number (`conv2d_1`), its weights by number. The
 * names come from the configuration beside the weights (`.keras`) or from the file itself (`name` on `vars`, newer Keras
 * 3), or else stay `conv2d_1`. The order is the configuration's, or else that in which Keras wrote the layers, its own.
 */
export async function openKerasV3(
  h5: Hdf5File,
  config: readonly KerasLayer[] = [],
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<WeightFile> {
  const groups = await groupsWithWeights(h5)
  const given = new Map<string, string>()
  for (const { place, vars } of groups) {
    const name = await vars.attribute('name')
    if (typeof name === 'string') given.set(place.join('/'), name)
  }
  const numbers = renumbered(groups.map(({ place }) => place))
  const placed = groups.map((group) => ({ group, ...locate(group.place, { config, given, numbers }) }))
  placed.sort((a, b) => compare(a.order, b.order))
  const layers: LayerWeights[] = []
  for (const { group, name, layer, snake } of placed) {
    const objects = await numbered(h5, group.vars)
    const names = weightNames(snake, objects.length, layer?.options)
    const weights = objects.map((object, index) => ({
      name: `${name === '' ? '' : `${name}/`}${names[index]}`,
      object,
    }))
    layers.push({ name, className: layer?.className, weights })
  }
  return kerasFile(h5, 'keras-v3', layers, metadata)
}

/** A group that has `vars`, by the names that lead to it: `['layers', 'conv2d_1']`. */
interface Group {
  readonly place: readonly string[]
  readonly vars: Hdf5Object
}

async function groupsWithWeights({ root, structures }: Hdf5File): Promise<Group[]> {
  const found: Group[] = []
  const seen = new Set<number>()
  const visit = async (object: Hdf5Object, place: readonly string[]): Promise<void> => {
    if (seen.has(object.address))
      throw badFile(structures.source, `has the group "${object.path}" inside itself or twice`)
    seen.add(object.address)
    if (place.length > 64) throw badFile(structures.source, `has groups in groups without an end ("${object.path}")`)
    for (const name of (await object.names()) ?? []) {
      const child = await object.child(name)
      if (child === undefined || (place.length === 0 && notWeights.has(name)) || name === 'seed_generator') continue
      if (name === 'vars') found.push({ place, vars: child })
      // Keras on Windows has written "layers\conv2d" as one name.
      else await visit(child, [...place, ...name.split('\\')])
    }
  }
  await visit(root, [])
  return found
}

/** The weights of a layer: `vars/0`, `vars/1`, ... */
async function numbered(h5: Hdf5File, vars: Hdf5Object): Promise<Hdf5Object[]> {
  const names = [...((await vars.names()) ?? [])].sort((a, b) => Number(a) - Number(b))
  const objects: Hdf5Object[] = []
  for (const [index, name] of names.entries()) {
    if (name !== String(index))
      throw badFile(h5.structures.source, `has "${vars.path}/${name}" where number ${index} should be`)
    objects.push((await vars.child(name)) as Hdf5Object)
  }
  return objects
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return 0
}
