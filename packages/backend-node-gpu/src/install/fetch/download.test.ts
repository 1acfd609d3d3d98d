import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { part, serve, sha256Of, type TestServer } from '../../testing/index-server.ts'
import { silent } from '../progress.ts'
import type { ChosenWheel } from '../wheel/choose.ts'
import { download } from './download.ts'
import { http } from './http.ts'

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251)
const client = http({ indexes: [], findLinks: [], certificates: undefined, proxy: undefined, trustedHosts: [] })

const wheelOf = ({ url }: Pick<TestServer, 'url'>, given: Partial<ChosenWheel> = {}): ChosenWheel => ({
  filename: 'a.whl',
  url: `${url}/a.whl`,
  size: bytes.length,
  sha256: sha256Of(bytes),
  pinned: true,
  ...given,
})

async function started(...args: Parameters<typeof serve>): Promise<TestServer> {
  const server = await serve(...args)
  onTestFinished(server.close)
  return server
}

describe('download', () => {
  it('fetches a wheel to the cache', async () => {
    const [cache, server] = [temporaryFolder(), await started((request, response) => part(bytes, request, response))]
    const file = await download(wheelOf(server), cache, client, silent)
    expect(file).toBe(path.join(cache, 'a.whl'))
    expect(new Uint8Array(readFileSync(file))).toEqual(bytes)
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  it('goes on where a connection broke off, at once and in the next run', async () => {
    const cache = temporaryFolder()
    writeFileSync(path.join(cache, 'a.whl.part'), bytes.subarray(0, 1000))
    let breaks = 1
    const server = await started((request, response) => {
      if (breaks-- > 0) {
        response.writeHead(206, { 'content-length': bytes.length - 1000 })
        response.write(bytes.subarray(1000, 100_000), () => response.destroy())
      } else part(bytes, request, response)
    })
    const file = await download(wheelOf(server), cache, client, silent)
    expect(new Uint8Array(readFileSync(file))).toEqual(bytes)
    expect(server.asked[0]!.range).toBe('bytes=1000-')
    expect(Number(/\d+/.exec(server.asked[1]!.range!)![0])).toBeGreaterThanOrEqual(1000)
  })

  it('starts over where a server gives no parts', async () => {
    const cache = temporaryFolder()
    writeFileSync(path.join(cache, 'a.whl.part'), 'other bytes')
    const server = await started((_, response) => response.end(bytes))
    const file = await download(wheelOf(server), cache, client, silent)
    expect(new Uint8Array(readFileSync(file))).toEqual(bytes)
  })

  it('keeps nothing of a file with a wrong hash', async () => {
    const [cache, server] = [temporaryFolder(), await started((request, response) => part(bytes, request, response))]
    const wrong = wheelOf(server, { sha256: 'ab'.repeat(32) })
    await expect(download(wrong, cache, client, silent)).rejects.toMatchObject({ code: 'WRONG_HASH' })
    expect(existsSync(path.join(cache, 'a.whl'))).toBe(false)
    expect(existsSync(path.join(cache, 'a.whl.part'))).toBe(false)
  })

  it('does not ask again where a server says no', async () => {
    const [cache, server] = [temporaryFolder(), await started((_, response) => response.writeHead(403).end())]
    await expect(download(wheelOf(server), cache, client, silent)).rejects.toThrow(/a\.whl answers 403/)
    expect(server.asked).toHaveLength(1)
  })

  it('says how much room it wants where the disk has not so much', async () => {
    const huge = wheelOf({ url: 'http://127.0.0.1:1' }, { size: 1e18 })
    await expect(download(huge, temporaryFolder(), client, silent)).rejects.toMatchObject({ code: 'DISK_FULL' })
  })

  it('takes a wheel that lies on this machine from where it lies, if it is the one', async () => {
    const file = path.join(temporaryFolder(), 'a.whl')
    writeFileSync(file, bytes)
    expect(await download(wheelOf({ url: '' }, { url: file }), '/never', client, silent)).toBe(file)
    writeFileSync(file, 'tampered')
    const again = download(wheelOf({ url: '' }, { url: file }), '/never', client, silent)
    await expect(again).rejects.toMatchObject({ code: 'WRONG_HASH' })
  })
})
