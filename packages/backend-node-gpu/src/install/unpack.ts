import { failure } from '../error.ts'
import { megabytes } from './disk.ts'
import { alone } from './lock.ts'
import { wheelName } from './pip/wheel-file.ts'
import type { Receipt } from './receipt.ts'
import { extract } from './wheel/extract.ts'
import { type Obtained, obtain, type Sources } from './wheel/obtain.ts'
import { cpuPins, cudaPins, nvidiaPins } from './wheel/pins.ts'
import { nameLibraries, nvidiaFiles, tensorflowFiles } from './wheel/tensorflow.ts'

/**
 * Fetches TensorFlow's wheel, and for CUDA those of NVIDIA, and unpacks what the binding needs of them.
 *
 * @param deps folder that becomes the package's `deps`
 */
export async function unpackTensorflow(
  deps: string,
  version: string,
  form: Receipt['form'],
  sources: Sources,
): Promise<Pick<Receipt, 'wheels' | 'bytes'>> {
  const waiting = (): void => sources.progress.note('Another process is fetching to the same cache: waiting for it.')
  const fetched = await alone(sources.cache, waiting, () => wheelsOf(version, form, sources))
  let bytes = 0
  for (const { file, filename } of fetched) {
    sources.progress.step(`Unpacking ${filename}`)
    const selected = filename.startsWith('nvidia') ? nvidiaFiles : tensorflowFiles
    bytes += await extract(file, deps, selected, sources.progress)
  }
  await nameLibraries(deps)
  sources.progress.note(`${megabytes(bytes)} in ${deps}`)
  return { wheels: Object.fromEntries(fetched.map(({ filename, sha256 }) => [filename, sha256])), bytes }
}

async function wheelsOf(version: string, form: Receipt['form'], sources: Sources): Promise<Obtained[]> {
  if (form === 'cpu') return [await obtain('tensorflow-cpu', version, cpuPins[version] ?? {}, sources)]
  const pins = cudaPins[version]
  if (pins === undefined) {
    throw failure(
      'UNKNOWN_VERSION',
      `Which of NVIDIA's libraries TensorFlow ${version} needs is not known here. With CUDA: ${Object.keys(cudaPins).join(', ')}.`,
    )
  }
  const wheels = [await obtain('tensorflow', version, pins, sources)]
  for (const [filename, sha256] of Object.entries(nvidiaPins)) {
    const { project, version } = wheelName(filename)!
    wheels.push(await obtain(project, version, { [filename]: sha256 }, sources))
  }
  return wheels
}
