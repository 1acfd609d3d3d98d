import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkOnnx, missingOnnx, type OnnxFile, onnxPath } from './onnx-files.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-onnx-'))
  vi.stubEnv('CNNKIT_BENCH_ONNX', folder)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

const right: OnnxFile = { source: 'timm', input: [3, 224, 224], scores: 1000, multiplyAccumulates: 568740352 }
const describedAs = (file: OnnxFile) => writeFile(join(folder, 'mobilenet_v1_100.json'), JSON.stringify(file))

describe('an ONNX file of the bench', () => {
  it('is missed with the command that writes it, until it is there with its description', async () => {
    expect(missingOnnx('nasnet_mobile')).toContain('`python reference/onnx/export.py keras --only nasnet_mobile`')
    expect(missingOnnx('mobilenet_v1_100')).toContain('`python reference/onnx/export.py torch --only mobilenet_v1_100`')
    await writeFile(onnxPath('mobilenet_v1_100'), '')
    expect(missingOnnx('mobilenet_v1_100')).toContain('There is no')
    await describedAs(right)
    expect(missingOnnx('mobilenet_v1_100')).toBeUndefined()
  })

  it('is taken where it computes what ours computes, for pictures of the same size', async () => {
    await describedAs(right)
    await expect(checkOnnx('mobilenet_v1_100', 'timm')).resolves.toBeUndefined()
    await describedAs({ ...right, multiplyAccumulates: 568740353 })
    await expect(checkOnnx('mobilenet_v1_100', 'timm')).rejects.toThrow(/568740353 .*our timm form .* 568740352/)
    await describedAs({ ...right, input: [3, 192, 192] })
    await expect(checkOnnx('mobilenet_v1_100', 'timm')).rejects.toThrow('3 x 192 x 192')
  })
})
