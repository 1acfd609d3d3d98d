// Keras 3's `.keras`: a zip file of `config.json`, `metadata.json` and `model.weights.h5`.
import { weightsError } from '../error.ts'
import { type Location, readAll } from '../files/byte-file.ts'
import type { WeightFile } from '../weight-file.ts'
import { openHdf5 } from './hdf5/hdf5.ts'
import { parseKerasConfig } from './keras-config.ts'
import { openKerasV3 } from './keras-v3.ts'
import { openZip, type ZipFolder } from './zip.ts'

/** The longest configuration among the classic networks, NASNet-large's, has 3 MB. */
const jsonLimit = 64 * 2 ** 20

/** Weights that someone has zipped again, compressed, are unpacked into memory. */
const weightsLimit = 2 ** 30

/** Opens a `.keras` file: the configuration is read, the values where they lie when they are asked for. */
export async function openKerasArchive(location: Location, source: string): Promise<WeightFile> {
  const zip = await openZip(await location.folder.open(location.path))
  const weights = zip.entries.get('model.weights.h5')
  if (weights === undefined) {
    throw weightsError(
      'UNSUPPORTED',
      `${source} has no model.weights.h5 in it, but ${[...zip.entries.keys()].slice(0, 5).join(', ')}. Save it with model.save('name.keras').`,
    )
  }
  const config = await textOf(zip, 'config.json')
  const about = await textOf(zip, 'metadata.json')
  const metadata: Record<string, unknown> = about === undefined ? {} : { ...parsed(about) }
  if (config !== undefined) metadata.model_config = config
  const h5 = await openHdf5(await weights.open(weightsLimit), source)
  return openKerasV3(h5, config === undefined ? [] : parseKerasConfig(config, source), metadata)
}

async function textOf(zip: ZipFolder, name: string): Promise<string | undefined> {
  const entry = zip.entries.get(name)
  return entry && new TextDecoder().decode(await readAll(await entry.open(jsonLimit), jsonLimit))
}

/** `metadata.json` says which Keras saved when; it is not needed. */
function parsed(json: string): object {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
