import type { ModelName } from '@cnnkit/zoo'
import type { Row, Setting, Subject } from '../row.ts'

/** The networks that the kernels of our own are held against TensorFlow.js' on. */
const networks = [
  'resnet50',
  'vgg16',
  'googlenet',
  'inception_v3',
  'densenet121',
  'mobilenet_v1_100',
  'mobilenet_v2_100',
  'nasnet_mobile',
] as const satisfies readonly ModelName[]

/** Forward passes of fused networks on `wasm({ kernels: 'own' })` and on `'stock'`, at batch 1 and 8; weights by formula. */
export const ownKernelsRows: readonly Row[] = networks.flatMap((name) => [1, 8].map((batch) => row(name, batch)))

function row(name: ModelName, batch: number): Row {
  const contender = (kernels: 'own' | 'stock') => ({
    name: kernels === 'own' ? 'cnnkit' : 'stock kernels',
    what: `\`fuse\` of \`createModel('${name}')\` on \`wasm({ kernels: '${kernels}' })\``,
    open: (setting: Setting) => fused(name, batch, kernels, setting),
  })
  return {
    name: `own-kernels-${name.replaceAll('_', '-')}-batch-${batch}`,
    title: `${name}, fused, forward, batch ${batch}, our own kernels against TensorFlow.js’`,
    timed: '`model.predict` of a batch that is a tensor already, until the scores can be read.',
    threads: [1, 2],
    process: 'kept',
    sameOutput: 1e-4,
    contenders: [contender('own'), contender('stock')],
  }
}

async function fused(name: ModelName, batch: number, kernels: 'own' | 'stock', { threads }: Setting): Promise<Subject> {
  const { wasm } = await import('@cnnkit/backend-wasm')
  const report = await wasm({ threads, kernels }).start()
  const [{ createModel }, { fuse }] = await Promise.all([import('@cnnkit/zoo'), import('@cnnkit/layers')])
  const model = await createModel(name, { weights: null, activation: 'linear' })
  ;(await import('../networks/formula-weights.ts')).setFormulaWeights(model)
  const { forward } = await import('../contenders/forward.ts')
  return forward(fuse(model), { batch, threads: report.threads ?? 1 })
}
