import { nodeGpu } from '../driver.ts'

/**
 * Sees to it that the backend `tensorflow` can run in the tests of this checkout.
 *
 * @returns why it cannot, to print where tests are skipped; nothing where it can
 */
export async function whyNoTfjsNode(): Promise<string | undefined> {
  return nodeGpu().probe()
}
