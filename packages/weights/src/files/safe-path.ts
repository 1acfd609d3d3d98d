import { weightsError } from '../error.ts'

/**
 * A path from a file that others wrote (a manifest, a tarball), which must stay inside its folder: relative, with slashes,
 * without `..`. Errors: `UNSAFE_PATH`.
 */
export function safePath(path: unknown, where: string): string {
  if (typeof path === 'string' && isInside(path)) return path
  throw weightsError(
    'UNSAFE_PATH',
    `${where} names the file ${JSON.stringify(path)}, which is not a path inside its folder. Do not use this file, or correct the path.`,
  )
}

function isInside(path: string): boolean {
  const segments = path.split('/')
  return (
    path.length <= 1024 &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    !/[\u0000-\u001f\\:]/.test(path) &&
    segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  )
}
