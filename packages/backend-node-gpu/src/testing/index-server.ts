import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of a test. */
export interface TestServer {
  /** `http://127.0.0.1:4711` */
  readonly url: string
  /** What was asked, in order: path, and the header `range` where there was one. */
  readonly asked: { readonly path: string; readonly range: string | undefined }[]
  close(): Promise<void>
}

/** Starts a server that answers as it is told. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<TestServer> {
  const asked: TestServer['asked'] = []
  const server = createServer((request, response) => {
    asked.push({ path: request.url!, range: request.headers.range })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close }
}

/** Answers as an index that has one wheel of one project, with the hash and bytes given. */
export function index(project: string, filename: string, bytes: Uint8Array, sha256: string = sha256Of(bytes)) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.url === `/simple/${project}/`) {
      response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json')
      const file = { filename, url: `/files/${filename}`, size: bytes.length, hashes: { sha256 } }
      response.end(JSON.stringify({ files: [file] }))
    } else if (request.url === `/files/${filename}`) part(bytes, request, response)
    else response.writeHead(404).end()
  }
}

/** Sends bytes, or those that a header `range` asks for. */
export function part(bytes: Uint8Array, { headers }: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from }).end(bytes.subarray(from))
}

/** The SHA-256 of bytes, in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
