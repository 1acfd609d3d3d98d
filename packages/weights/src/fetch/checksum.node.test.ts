import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Checksum, openWeights, type UrlSource, type WeightsNotice } from '../index.node.ts'
import { failure, noise, sha256, singleFile, temporaryFolder } from '../testing/model.ts'
import { startServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cacheDir: string
let notices: WeightsNotice[]
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())
beforeEach(async () => {
  cacheDir = await temporaryFolder()
  notices = []
  server.files.clear()
  server.serve('net.safetensors', file)
  server.asked()
})

const content = noise(50_000)
const file = singleFile(content)
const other = singleFile(noise(50_000, 2))
const hash = (algorithm: string): string => createHash(algorithm).update(file).digest('hex')

const sourceOf = (checksum?: Checksum): UrlSource => ({
  kind: 'url',
  url: `${server.url}net.safetensors`,
  ...(checksum && { checksum }),
})
const open = (source: Parameters<typeof openWeights>[0], options = {}) =>
  openWeights(source, { cacheDir, retries: 0, onNotice: (notice) => void notices.push(notice), ...options })
async function cached(): Promise<string> {
  const [folder] = await readdir(join(cacheDir, 'url'))
  return join(cacheDir, 'url', folder as string, 'net.safetensors')
}

const kinds: readonly (readonly [kind: string, checksum: Checksum, wrong: Checksum])[] = [
  ['MD5', `md5:${hash('md5')}`, `md5:${'0'.repeat(32)}`],
  ['SHA-1', `sha1:${hash('sha1')}`, `sha1:${'0'.repeat(40)}`],
  ['SHA-256', `sha256:${hash('sha256')}`, `sha256:${'0'.repeat(64)}`],
  ['first digits of SHA-256', `sha256-prefix:${hash('sha256').slice(0, 8)}`, 'sha256-prefix:00000000'],
  ['SHA-384', `sha384:${hash('sha384').toUpperCase()}`, `sha384:${'0'.repeat(96)}`],
]

describe.each(kinds)('a publisher that gives the %s', (_, checksum, wrong) => {
  it('has its files verified, kept, and not asked for again', async () => {
    expect(await (await open(sourceOf(checksum))).get('x')?.read()).toEqual(Float32Array.from(content))
    expect(JSON.parse(await readFile(`${await cached()}.cnnkit.json`, 'utf8'))).toMatchObject({
      verified: true,
      checksum,
      sha256: sha256(file),
      bytes: file.length,
    })
    server.asked()
    await open(sourceOf(checksum))
    expect(server.asked()).toEqual([])
    expect(notices).toEqual([])
  })

  it('has another file refused, and not kept', async () => {
    const { code, message } = await failure(open(sourceOf(wrong)))
    expect(code).toBe('CHECKSUM_MISMATCH')
    expect(message).toContain(wrong.split(':')[1])
    expect(await readdir(join(cacheDir, 'url')).catch(() => [])).toEqual([])
    expect(await readdir(join(cacheDir, 'partial'))).toEqual([])
  })

  it('has an unverified file that the cache holds verified without another download', async () => {
    await open(sourceOf('none'))
    server.asked()
    await open(sourceOf(checksum))
    expect(server.asked()).toEqual([])
    await open(sourceOf(wrong)).catch(() => undefined)
    expect(server.asked()).toEqual(['net.safetensors'])
  })
})

describe('a checksum', () => {
  it.each(['md5:123', 'sha256-prefix:0676', 'crc32:12345678', '0676ba61', 'sha256:', 'toString:12'])(
    'that reads "%s" is refused with what to write',
    async (checksum) => {
      const { code, message } = await failure(open(sourceOf(checksum as Checksum)))
      expect(code).toBe('BAD_SOURCE')
      expect(message).toContain(`"${checksum}"`)
      expect(message).toMatch(/hexadecimal digits/)
      expect(server.asked()).toEqual([])
    },
  )
})

describe('a publisher that gives no hash', () => {
  it('has its file taken at first use, which is said once, and not asked for again', async () => {
    await open(sourceOf('none'))
    expect(notices).toMatchObject([{ code: 'UNVERIFIED', message: expect.stringContaining(sha256(file)) }])
    expect(notices[0]?.message).toContain('its publisher gives no hash')
    server.asked()
    await open(sourceOf('none'))
    expect(server.asked()).toEqual([])
    expect(notices).toHaveLength(1)
    expect(JSON.parse(await readFile(`${await cached()}.cnnkit.json`, 'utf8'))).toMatchObject({ verified: false })
  })

  it('cannot change its file unseen, though the cached one is gone or damaged', async () => {
    await open(sourceOf('none'))
    const path = await cached()
    server.serve('net.safetensors', other)
    for (const spoil of [() => rm(path), () => writeFile(path, 'short')]) {
      await spoil()
      const { code, message } = await failure(open(sourceOf('none')))
      expect(code).toBe('FILE_CHANGED')
      expect(message).toContain(`sha256 was ${sha256(file)}, and is ${sha256(other)}`)
      expect(message).toContain(`delete ${path}.cnnkit.json`)
    }
    expect(await readdir(join(cacheDir, 'partial'))).toEqual([])
    server.serve('net.safetensors', file)
    expect(await (await open(sourceOf('none'))).get('x')?.read()).toEqual(Float32Array.from(content))
    expect(notices).toHaveLength(1)
  })

  it('can have the new file taken, if the user says so', async () => {
    await open(sourceOf('none'))
    const path = await cached()
    server.serve('net.safetensors', other)
    await rm(path)
    await rm(`${path}.cnnkit.json`)
    await open(sourceOf('none'))
    expect(notices.map(({ code }) => code)).toEqual(['UNVERIFIED', 'UNVERIFIED'])
  })

  it('has no page of a hotel kept in place of its file', async () => {
    server.serve('net.safetensors', '<!doctype html><p>Please sign in')
    expect((await failure(open(sourceOf('none')))).code).toBe('UNKNOWN_FORMAT')
    server.serve('net.safetensors', file.subarray(0, 20_000))
    expect((await failure(open(sourceOf('none')))).message).toContain('net.safetensors')
    server.serve('net.safetensors', file)
    expect(await (await open(sourceOf('none'))).get('x')?.read()).toEqual(Float32Array.from(content))
  })

  it('warns on the console where nobody listens', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    await openWeights(sourceOf('none'), { cacheDir })
    expect(warn.mock.calls).toMatchObject([[expect.stringMatching(/^\[@cnnkit\/weights\] .*could not be verified/)]])
    warn.mockRestore()
  })
})

describe('a file that may change', () => {
  it('is asked for at each opening, and silently fetched anew', async () => {
    await open(sourceOf())
    server.serve('net.safetensors', other)
    await open(sourceOf())
    expect(sha256(await readFile(await cached()))).toBe(sha256(other))
    expect(notices).toEqual([])
  })
})

describe('a cached file of the right size', () => {
  it('is trusted, unless `verify` has it hashed: then it is fetched again', async () => {
    const source = sourceOf(`md5:${hash('md5')}`)
    await open(source)
    await writeFile(await cached(), other)
    expect(await (await open(source)).get('x')?.read()).not.toEqual(Float32Array.from(content))
    server.asked()
    expect(await (await open(source, { verify: true })).get('x')?.read()).toEqual(Float32Array.from(content))
    expect(server.asked()).toEqual(['net.safetensors'])
  })
})
