import path from 'node:path'
import envPaths from 'env-paths'

/** Where fetched wheels are kept: in `CNNKIT_CACHE`, or in the system's folder for caches, as weights are. */
export function cacheFolder(asked?: string): string {
  return path.resolve(
    asked ?? path.join(process.env.CNNKIT_CACHE || envPaths('cnnkit', { suffix: '' }).cache, 'tensorflow'),
  )
}
