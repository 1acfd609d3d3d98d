import { fileURLToPath } from 'node:url'
import { nodeGpu } from '../driver.ts'
import { messageOf } from '../error.ts'
import { install } from '../install/install.ts'
import { silent } from '../install/progress.ts'

/** This package, of which `@tensorflow/tfjs-node` is a development dependency; its install script does not run. */
const project = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Sees to it that the backend `tensorflow` can run in the tests of this checkout: installs it by our own installer where it is not there.
 * The first time on a machine that fetches TensorFlow's wheel (274 MB) into the user's cache; processes that ask at once wait for one another.
 *
 * @returns why it cannot, to print where tests are skipped; nothing where it can
 */
export async function whyNoTfjsNode(): Promise<string | undefined> {
  if ((await nodeGpu().probe()) === undefined) return undefined
  try {
    await install({ project, cpu: true, progress: silent })
    return await nodeGpu().probe()
  } catch (error) {
    return messageOf(error)
  }
}
