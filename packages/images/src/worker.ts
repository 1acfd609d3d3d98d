// The program of a worker thread of Node: `batches` starts it.
import { parentPort } from 'node:worker_threads'
import { serve } from './data/serve.ts'
import { readPictureFile } from './read/picture-file.node.ts'

const port = parentPort!
const request = serve({
  read: readPictureFile,
  post: (answer, transferred) => port.postMessage(answer, [...transferred]),
})
port.on('message', request)
