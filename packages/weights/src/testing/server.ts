import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/** How the test server serves a file; unless said otherwise it behaves well (length, ETag, ranges). */
export interface Served {
  bytes: Uint8Array
  etag?: string | null
  /** False: `Range` is not understood. */
  ranges?: boolean
  /** The connection breaks after so many bytes of an answer, the next answers of this list in turn; then all is well. */
  cuts?: number[]
  /** Nothing more comes after so many bytes, once. */
  stallOnce?: number
  /** Bytes a second, roughly. */
  rate?: number
  /** States a length that differs by so much. */
  lie?: number
  /** Answers with these statuses first. */
  statuses?: number[]
  /** ETags of the next answers, in turn: a file that changes while it is fetched. */
  etags?: string[]
  /** Answers 206 whatever `If-Range` says. */
  careless?: boolean
  /** Compresses whatever is asked for, ranges of what is compressed included. */
  gzip?: boolean
  /** Sends the client elsewhere. */
  redirect?: string
  headers?: Record<string, string>
}

/** A request that arrived. */
export interface Seen {
  path: string
  /** With the query, as it was sent. */
  url: string
  range: string | undefined
  headers: IncomingMessage['headers']
  status: number
}

/** A local web server whose files misbehave as told. */
export interface TestServer {
  url: string
  files: Map<string, Served>
  seen: Seen[]
  serve(path: string, bytes: Uint8Array | string, how?: Omit<Served, 'bytes'>): void
  /** Paths that were asked for since the last call. */
  asked(): string[]
  close(): Promise<void>
}

export async function startServer(): Promise<TestServer> {
  const files = new Map<string, Served>()
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    answer(request, response, files, seen).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    files,
    seen,
    serve: (path, bytes, how = {}) =>
      files.set(`/${path}`, { bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes, ...how }),
    asked: () => seen.splice(0).map(({ path }) => path.slice(1)),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: Map<string, Served>,
  seen: Seen[],
): Promise<void> {
  const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)
  const file = files.get(path)
  const note = { path, url: request.url ?? '', range: request.headers.range, headers: request.headers, status: 200 }
  seen.push(note)
  const send = (status: number, headers: Record<string, string | number> = {}): void => {
    note.status = status
    response.writeHead(status, { ...file?.headers, ...headers })
  }
  if (file === undefined) {
    send(404)
    return void response.end()
  }
  const status = file.statuses?.shift()
  if (status !== undefined && status !== 200) {
    send(status)
    return void response.end()
  }
  if (file.redirect !== undefined) {
    send(302, { location: file.redirect })
    return void response.end()
  }
  const whole = file.gzip ? gzipSync(file.bytes) : file.bytes
  const usual = `"${createHash('md5').update(file.bytes).digest('hex')}"`
  const etag = file.etag === null ? undefined : (file.etags?.shift() ?? file.etag ?? usual)
  const tag: Record<string, string> = etag === undefined ? {} : { etag }
  if (etag !== undefined && request.headers['if-none-match'] === etag) {
    send(304, tag)
    return void response.end()
  }
  let from = 0
  const range = request.headers.range?.match(/^bytes=(\d+)-$/)
  const ifRange = request.headers['if-range']
  if (range && file.ranges !== false && (ifRange === undefined || ifRange === etag || file.careless))
    from = Number(range[1])
  const size = whole.byteLength
  if (from >= size && from > 0) {
    send(416, { 'content-range': `bytes */${size}` })
    return void response.end()
  }
  const length = {
    'content-length': size - from + (file.lie ?? 0),
    ...tag,
    ...(file.gzip ? { 'content-encoding': 'gzip' } : {}),
  }
  if (from > 0) send(206, { ...length, 'content-range': `bytes ${from}-${size - 1}/${size}` })
  else send(200, length)
  await pour(response, file, whole.subarray(from))
}

async function pour(response: ServerResponse, file: Served, bytes: Uint8Array): Promise<void> {
  const cut = file.cuts?.shift()
  const stall = file.stallOnce
  delete file.stallOnce
  const end = Math.min(cut ?? bytes.byteLength, stall ?? bytes.byteLength)
  const step = file.rate === undefined ? 65536 : Math.max(1, Math.ceil(file.rate / 50))
  for (let at = 0; at < end && !response.destroyed; at += step) {
    await new Promise((resolve) => response.write(bytes.subarray(at, Math.min(at + step, end)), resolve))
    if (file.rate !== undefined) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (stall !== undefined) return
  if (cut !== undefined && cut < bytes.byteLength) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    response.destroy()
  } else response.end()
}
