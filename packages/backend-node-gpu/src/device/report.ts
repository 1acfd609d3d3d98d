import os from 'node:os'
import type { BackendReport } from '@cnnkit/kernels'
import type { NodeBackend } from '../load.ts'
import type { Located } from '../locate.ts'
import { cards, whyNoCuda } from './cuda.ts'

/** What runs where, now that the backend has started. */
export async function describe(located: Located, backend: NodeBackend): Promise<BackendReport> {
  const details = {
    tensorflow: backend.binding.TF_Version,
    package: `${located.name} ${located.version}`,
    cuda: backend.isUsingGpuDevice ? 'yes' : 'no',
  }
  return backend.isUsingGpuDevice ? onCuda(details) : onCpu(details, await whyNoCuda(located))
}

async function onCuda(details: Readonly<Record<string, string>>): Promise<BackendReport> {
  // TensorFlow.js takes the last card that TensorFlow lists.
  const card = (await cards()).at(-1)
  return {
    backend: 'tensorflow',
    device: card?.name ?? 'a CUDA device (nvidia-smi does not tell which)',
    ...(card && { driver: `NVIDIA ${card.driver}`, memoryBytes: card.memoryBytes }),
    details,
  }
}

function onCpu(details: Readonly<Record<string, string>>, note: string): BackendReport {
  const asked = Number(process.env.TF_NUM_INTRAOP_THREADS)
  const constrained = process.constrainedMemory()
  return {
    backend: 'tensorflow',
    device: os.cpus()[0]?.model.trim() || 'CPU',
    threads: asked > 0 ? asked : os.availableParallelism(),
    memoryBytes: Math.min(os.totalmem(), constrained > 0 ? constrained : Number.POSITIVE_INFINITY),
    details: { ...details, note: `no CUDA device: ${note}` },
  }
}
