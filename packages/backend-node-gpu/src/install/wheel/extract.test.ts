import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { silent } from '../progress.ts'
import { extract } from './extract.ts'
import { nameLibraries, nvidiaFiles, tensorflowFiles } from './tensorflow.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

function wheel(files: Record<string, string>): string {
  const file = path.join(temporaryFolder(), 'tensorflow_cpu-1.whl')
  writeFileSync(file, zipSync(Object.fromEntries(Object.entries(files).map(([name, value]) => [name, text(value)]))))
  return file
}

describe('extract', () => {
  it("unpacks TensorFlow's library, the headers that the binding needs and the licence, and nothing else", async () => {
    const folder = temporaryFolder()
    const file = wheel({
      'tensorflow/libtensorflow_cc.so.2': 'library',
      'tensorflow/libtensorflow_framework.so.2': 'framework',
      'tensorflow/include/tensorflow/c/c_api.h': 'c',
      'tensorflow/include/xla/tsl/c/tsl_status.h': 'tsl',
      'tensorflow/include/Eigen/Core.h': 'no',
      'tensorflow/python/ops.py': 'no',
      'tensorflow_cpu-2.21.0.dist-info/LICENSE': 'licence',
    })
    const bytes = await extract(file, folder, tensorflowFiles, silent)
    await nameLibraries(folder)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.|LIC/.test(name))
    expect(files.sort()).toEqual([
      'LICENSE',
      'include/tensorflow/c/c_api.h',
      'include/xla/tsl/c/tsl_status.h',
      'lib/libtensorflow.so',
      'lib/libtensorflow_cc.so.2',
      'lib/libtensorflow_framework.so',
      'lib/libtensorflow_framework.so.2',
    ])
    expect(bytes).toBe('libraryframeworkctsllicence'.length)
    expect(readFileSync(path.join(folder, 'lib/libtensorflow.so'), 'utf8')).toBe('library')
    expect(readlinkSync(path.join(folder, 'lib/libtensorflow.so'))).toBe('libtensorflow_cc.so.2')
  })

  it("puts NVIDIA's libraries where TensorFlow's looks for them", () => {
    expect(nvidiaFiles('nvidia/cudnn/lib/libcudnn.so.9')).toBe('nvidia/cudnn/lib/libcudnn.so.9')
    expect(nvidiaFiles('nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc')).toMatch(/libdevice/)
    expect(nvidiaFiles('nvidia/cudnn/include/cudnn.h')).toBeUndefined()
    expect(nvidiaFiles('nvidia/cublas/lib/libcublas_static.a')).toBeUndefined()
  })

  it('says of a file that is no wheel that it is broken', async () => {
    const file = wheel({ 'tensorflow/libtensorflow_cc.so.2': 'library' })
    writeFileSync(file, readFileSync(file).subarray(0, 40))
    await expect(extract(file, temporaryFolder(), tensorflowFiles, silent)).rejects.toMatchObject({
      code: 'BROKEN_WHEEL',
    })
  })
})
