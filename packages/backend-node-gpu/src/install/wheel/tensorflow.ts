import { symlink } from 'node:fs/promises'
import path from 'node:path'
import type { Selection } from './extract.ts'

/** The headers that the binding's two files include. */
const headers =
  /^tensorflow\/(include\/(?:tensorflow\/(?:c|core\/platform|tsl)|tsl|xla\/tsl|external\/local_tsl\/tsl)\/.*\.h)$/
const licence = /^tensorflow[^/]*\.dist-info\/(?:licenses\/)?(LICENSE|NOTICE|THIRD_PARTY[^/]*)$/

/** What is taken of TensorFlow's wheel, as it is laid out in the package's folder `deps`. */
export const tensorflowFiles: Selection = (file) => {
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/.exec(file)?.[1]
  if (library !== undefined) return `lib/${library}`
  return headers.exec(file)?.[1] ?? licence.exec(file)?.[1]
}

/**
 * What is taken of NVIDIA's wheels: TensorFlow's library looks for theirs in `../nvidia/<name>/lib`, seen from its own folder, and for
 * the compiler's parts in `../nvidia/cuda_nvcc`.
 */
export const nvidiaFiles: Selection = (file) =>
  /^nvidia\/[^/]+\/(?:lib\/[^/]+\.so(?:\.[\d.]+)?|bin\/(?:ptxas|nvlink)|nvvm\/libdevice\/[^/]+)$/.test(file)
    ? file
    : undefined

/** Gives the libraries the names by which the binding is linked. */
export async function nameLibraries(deps: string): Promise<void> {
  await symlink('libtensorflow_cc.so.2', path.join(deps, 'lib/libtensorflow.so'))
  await symlink('libtensorflow_framework.so.2', path.join(deps, 'lib/libtensorflow_framework.so'))
}
