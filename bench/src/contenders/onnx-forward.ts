import { readFile } from 'node:fs/promises'
import * as onnxruntime from 'onnxruntime-web'
import type { Subject } from '../row.ts'
import { onnxRun } from './onnx-run.ts'

/** {@link onnxRun} of a file, in Node. */
export async function onnxForward(
  path: string,
  setting: { readonly batch: number; readonly threads: number },
): Promise<Subject> {
  return onnxRun(onnxruntime, await readFile(path), setting)
}
