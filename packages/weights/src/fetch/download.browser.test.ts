import { afterEach, expect, it, vi } from 'vitest'
import { fetchBlob } from './download.browser.ts'

afterEach(() => vi.unstubAllGlobals())

it('says of an address without encryption that a page of https may not read it, and does not try', async () => {
  const fetch = vi.fn()
  vi.stubGlobal('location', new URL('https://my.page/'))
  vi.stubGlobal('fetch', fetch)
  const url = 'http://dl.caffe.berkeleyvision.org/bvlc_alexnet.caffemodel'
  const wanted = { url, checksum: undefined, pinned: false, refusesPages: false, report: () => undefined }
  await expect(fetchBlob(wanted, {} as never)).rejects.toMatchObject({
    code: 'REFUSES_PAGES',
    message: expect.stringContaining('served without encryption'),
  })
  expect(fetch).not.toHaveBeenCalled()
})
