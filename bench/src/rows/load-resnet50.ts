import type { io } from '@tensorflow/tfjs-core'
import type { Row, Subject } from '../row.ts'

/** From the file on disk to a network that can predict. */
export const loadResnet50: Row = {
  name: 'load-resnet50',
  title: 'ResNet-50, ready from its file (102 MB in 25 shards)',
  timed:
    'From the call until the network is built and its weights are in the backend: the first time in a new process, modules imported, backend started, files in the system’s cache. The first prediction is not in it.',
  next: 'first prediction',
  threads: [1],
  process: 'fresh',
  sameOutput: 1e-5,
  prepare: async () => (await import('../networks/fetch-resnet50.ts')).fetchResnet50(),
  contenders: [
    {
      name: 'cnnkit',
      what: "`createModel('resnet50')` on `@cnnkit/backend-wasm`",
      open: async (setting) => {
        const [{ cnnkitWasm }, { createModel }, { loading }] = await Promise.all([
          import('../backends/cnnkit-wasm.ts'),
          import('@cnnkit/zoo'),
          import('../contenders/load.ts'),
        ])
        return loading(() => createModel('resnet50'), await cnnkitWasm(setting))
      },
    },
    {
      name: 'tfjs',
      what: '`tf.loadLayersModel` on stock wasm with a handler that reads as `file://` of tfjs-node does (TensorFlow.js alone has none): one shard after the other, then all in one buffer',
      open: async () => stock((await import('../networks/tfjs-files.ts')).asTfjsNodeReads),
    },
    {
      name: 'tfjs, quickest handler',
      what: 'the same with a handler that reads all shards at once and hands them over one by one',
      open: async () => stock((await import('../networks/tfjs-files.ts')).asQuickAsCanBe),
    },
  ],
}

async function stock(handler: (folder: string) => io.IOHandler): Promise<Subject> {
  const [{ tfjsWasm }, { loadLayersModel }, { resnet50Folder }, { loading }] = await Promise.all([
    import('../backends/tfjs-wasm.ts'),
    import('@tensorflow/tfjs-layers'),
    import('../networks/resnet50-folder.ts'),
    import('../contenders/load.ts'),
  ])
  const folder = resnet50Folder()
  return loading(() => loadLayersModel(handler(folder)), await tfjsWasm())
}
