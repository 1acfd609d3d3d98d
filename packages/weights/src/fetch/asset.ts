import { weightsError } from '../error.ts'
import { type ByteFile, memoryFile } from '../files/byte-file.ts'
import type { WeightsPackage } from '../source.ts'
import type { Task } from '../task.ts'
import { agrees, checksumError, type Expected, expectedOf } from './checksum.ts'
import { memorySink } from './memory-sink.ts'
import { meter } from './meter.ts'
import { transfer } from './transfer.ts'

/**
 * The file of a data package from beside the page or script, into memory. It is part of the program, so it is fetched when
 * `offline` is set as well, and left to the browser's own cache.
 */
export async function fetchAsset(
  weights: WeightsPackage,
  task: Task,
  hash: ((bytes: Uint8Array<ArrayBuffer>) => Promise<string>) | undefined,
): Promise<ByteFile> {
  const url = weights.bytes.href
  const progress = meter(task.onProgress, 'download', weights.tag)
  progress.expect(weights.byteLength)
  const sink = memorySink()
  await transfer(url, sink, {
    verified: false,
    free: false,
    retries: task.retries,
    retriesUnanswered: 1,
    stallSeconds: task.stallSeconds,
    signal: task.signal,
    report: (loaded, arrived) => progress.at(url, loaded, arrived),
  })
  const bytes = sink.bytes()
  if (bytes.byteLength !== weights.byteLength) {
    throw weightsError(
      'SHARD_SIZE',
      `${url} has ${bytes.byteLength} bytes, expected ${weights.byteLength}: it is not the file of "${weights.tag}". ` +
        'The bundler has not copied it; the README of the weights package says how (Vite: optimizeDeps.exclude; esbuild: a loader).',
    )
  }
  const expected = expectedOf(`sha256:${weights.sha256}`, weights.tag) as Expected
  const actual = (await hash?.(bytes)) ?? expected.hex
  if (!agrees(expected, actual)) throw checksumError(url, expected, actual)
  progress.end()
  return memoryFile(url, bytes)
}
