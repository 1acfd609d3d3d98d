import { build } from 'esbuild'

/**
 * Bundles a script with the sources of the house for Node, to be run as a process of its own. TensorFlow.js and `external` stay outside,
 * so the file must lie where these are found.
 *
 * @param alias imports that are to be taken from elsewhere
 */
export async function buildProgram(
  entry: string,
  outfile: string,
  {
    external = [],
    alias = {},
  }: { readonly external?: readonly string[]; readonly alias?: Record<string, string> } = {},
): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@tensorflow/*', ...external],
    alias,
    conditions: ['@cnnkit/source'],
  })
}
