import type { io } from '@tensorflow/tfjs-core'
import { weightsError } from './error.ts'
import { type FetchedWeights, openersOf, type WeightsInputs } from './open.ts'
import type { OpenWeightsOptions } from './options.ts'
import { browser } from './platform.browser.ts'
import type { WeightFile } from './weight-file.ts'

const openers = openersOf(browser)

/**
 * Opens a weight file: from a path, a URL, bytes, a weights package, an npm package, or the first of several sources that
 * can be opened. What is elsewhere is fetched into the cache first, with progress; after that, values are read tensor by
 * tensor when they are asked for. Nothing is left half written.
 *
 * Errors (`CnnkitError`), all with the file and the remedy: `NOT_FOUND`, `SHARD_MISSING`, `SHARD_SIZE`, `BAD_MANIFEST`,
 * `UNKNOWN_DTYPE`, `UNKNOWN_FORMAT`, `BAD_FILE`, `UNSUPPORTED`, `UNSAFE_PICKLE`, `NO_STATE_DICT`, `UNSAFE_PATH`, `CHECKSUM_MISMATCH`, `OFFLINE`, `ABORTED`, `NETWORK`, `STALLED`, `CUT`,
 * `SERVER_BUSY`, `HTTP_STATUS`, `FILE_CHANGED`, `BAD_TARBALL`, `CACHE_UNWRITABLE`, `BAD_SOURCE`, `TOO_LARGE`; in a browser also `REFUSES_PAGES`, `NO_WASM` and
 * `NOT_IN_BROWSER`; `NO_SOURCE` where several were tried, with the reason of each.
 */
export function openWeights(source: WeightsInputs, options?: OpenWeightsOptions): Promise<WeightFile> {
  return openers.openWeights(source, options)
}

/**
 * Fetches weights ahead of time into the cache, so that {@link openWeights} finds them there, also without a network. What
 * the cache has already is hashed anew, and fetched again where it is damaged. Errors: those of {@link openWeights}.
 */
export function fetchWeights(source: WeightsInputs, options?: OpenWeightsOptions): Promise<FetchedWeights> {
  return openers.fetchWeights(source, options)
}

/**
 * Reads a whole tfjs model (topology, weights, metadata) from a folder, a URL or any other source that
 * {@link openWeights} takes, as tfjs wants it: `tf.loadLayersModel({ load: () => readTfjsArtifacts(folder) })`. The weight
 * data are one buffer a shard. Errors: those of {@link openWeights}.
 */
export function readTfjsArtifacts(source: WeightsInputs, options?: OpenWeightsOptions): Promise<io.ModelArtifacts> {
  return openers.readTfjsArtifacts(source, options)
}

/** Node writes folders; a page cannot. Rejects with `NOT_IN_BROWSER`. */
export async function writeTfjs(folder: string, _artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
  throw weightsError(
    'NOT_IN_BROWSER',
    `A page cannot write the folder "${folder}". Save with tfjs: model.save('indexeddb://...') or model.save('downloads://...').`,
  )
}
