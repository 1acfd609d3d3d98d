import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { index, serve, sha256Of } from '../../testing/index-server.ts'
import { http } from '../fetch/http.ts'
import type { PipConfig } from './config.ts'
import { offers } from './offers.ts'

const filename = 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'
const bytes = new Uint8Array([1, 2, 3])

const asking = (given: Partial<PipConfig>): PipConfig => ({
  indexes: [],
  findLinks: [],
  certificates: undefined,
  proxy: undefined,
  trustedHosts: [],
  ...given,
})

describe('offers', () => {
  it('reads an index that answers in JSON', async () => {
    const server = await serve(index('tensorflow-cpu', filename, bytes))
    onTestFinished(server.close)
    const config = asking({ indexes: [`${server.url}/simple/`] })
    const { files } = await offers('tensorflow_cpu', config, http(config))
    expect(files).toEqual([{ filename, url: `${server.url}/files/${filename}`, size: 3, sha256: sha256Of(bytes) }])
  })

  it('reads a page of links, relative ones and those with a hash behind them, and logs in as the address says', async () => {
    let authorization: string | undefined
    const server = await serve((request, response) => {
      authorization = request.headers.authorization
      response.setHeader('content-type', 'text/html')
      response.end(
        `<a data-x='1' href="../../files/${filename}#sha256=${'AB'.repeat(32)}">x</a><a href='/b.whl?a=1&amp;b=2'>`,
      )
    })
    onTestFinished(server.close)
    const config = asking({ indexes: [`${server.url.replace('//', '//me:p%40ss@')}/simple`] })
    const { files } = await offers('tensorflow-cpu', config, http(config))
    const login = server.url.replace('//', '//me:p%40ss@')
    expect(files).toEqual([
      { filename, url: `${login}/files/${filename}`, sha256: 'ab'.repeat(32) },
      { filename: 'b.whl', url: `${login}/b.whl?a=1&b=2` },
    ])
    expect(authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  })

  it('lists a folder of find-links before the indexes, and says of each place why it has nothing', async () => {
    const folder = temporaryFolder()
    writeFileSync(path.join(folder, filename), bytes)
    const server = await serve((_, response) => response.writeHead(404).end())
    onTestFinished(server.close)
    const secret = server.url.replace('//', '//me:secret@')
    const config = asking({ findLinks: ['/not/here', folder], indexes: [`${secret}/simple`, 'http://127.0.0.1:1'] })
    const { files, problems } = await offers('tensorflow-cpu', config, http(config))
    expect(files).toEqual([{ filename, url: path.join(folder, filename) }])
    expect(problems).toHaveLength(3)
    expect(problems[0]).toContain('/not/here')
    expect(problems[1]).toContain(`${server.url}/simple/tensorflow-cpu/ answers 404`)
    expect(problems[2]).toMatch(/127\.0\.0\.1:1.*cannot be fetched: .*ECONNREFUSED|bad port/)
    expect(problems.join()).not.toContain('secret')
  })
})
