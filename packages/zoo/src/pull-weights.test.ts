import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WeightsSource } from '@cnnkit/weights'
import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { architectureOf, dropWeights, pullWeights } from './index.ts'

let folder: string
let cacheDir: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-zoo-'))
  cacheDir = join(folder, 'cache')
  onTestFinished(() => rm(folder, { recursive: true }))
})

/** A tfjs manifest without tensors: the smallest weight file. */
const file = Buffer.from('{"weightsManifest": []}')

/** Puts sources on record for a network, for one test. */
async function onRecord(...sources: WeightsSource[]): Promise<void> {
  const architecture = await architectureOf('mobilenet_v1_050')
  const [like] = (await architectureOf('mobilenet_v1_025')).records
  const { records } = architecture
  Object.assign(architecture, { records: [{ ...like!, tag: 'local', sources }] })
  onTestFinished(() => void Object.assign(architecture, { records }))
}

describe('pullWeights', () => {
  it('goes by the sources on record, then by the mirror, and says where the weights are', async () => {
    const checksum = `md5:${createHash('md5').update(file).digest('hex')}` as const
    await onRecord({ kind: 'url', url: 'http://127.0.0.1:9/nets/net.json', checksum })
    const mirror = join(folder, 'mirror')
    await mkdir(mirror)
    const options = { cacheDir, mirror, retries: 0, onNotice: () => undefined }
    await expect(pullWeights('mobilenet_v1_050', options)).rejects.toMatchObject({
      code: 'NO_SOURCE',
      message: expect.stringMatching(/1\. .*127\.0\.0\.1:9.*\n2\. .*net\.json does not exist/),
    })
    await writeFile(join(mirror, 'net.json'), file)
    const pulled = await pullWeights('mobilenet_v1_050', options)
    expect(pulled).toMatchObject({ tag: 'local', format: 'tfjs', location: join(mirror, 'net.json'), verified: true })
    expect(pulled.bytes).toBe(file.length)
    expect(await dropWeights('mobilenet_v1_050', { cacheDir })).toBe(0)
  })

  it('takes a data package where it is', async () => {
    const pulled = await pullWeights('mobilenet_v1_025', { weights: mobilenetV1025, cacheDir })
    expect(pulled).toMatchObject({ tag: 'keras-in1k', bytes: 1_902_176, verified: true })
    expect(pulled.location).toBe(mobilenetV1025.bytes.href)
  })

  it('fetches nothing offline', async () => {
    await onRecord({ kind: 'url', url: 'http://127.0.0.1:9/net.json', checksum: 'none' })
    await expect(pullWeights('mobilenet_v1_050', { cacheDir, offline: true })).rejects.toMatchObject({
      code: 'OFFLINE',
      message: expect.stringContaining('Open it once while online'),
    })
  })

  it.each(['imagenet', 'timm.in1k', './net.h5'])('knows no weights %s', async (weights) => {
    await expect(pullWeights('mobilenet_v1_025', { weights, cacheDir })).rejects.toMatchObject({
      code: 'UNKNOWN_WEIGHTS',
      message: expect.stringContaining('"keras-in1k"'),
    })
  })
})
