import { writeFileSync } from 'node:fs'
import { readZooKernels } from '../data.ts'
import { places } from '../places/places.ts'
import { readAllResults } from '../results/results.ts'
import { backendsPage, type PageData } from './page.ts'

/** Where the page stands. */
export const pageFile: URL = new URL('../../../docs/backends.md', import.meta.url)

/** All that was found, in the order of the places. */
export function pageData(): PageData {
  const found = readAllResults()
  const ran = places.filter(({ id }) => found[id])
  return {
    results: Object.fromEntries(ran.map(({ id }) => [id, found[id]!])),
    zoo: readZooKernels(),
    notRun: {
      ...Object.fromEntries(places.filter(({ id }) => !found[id]).map(({ title }) => [title, 'for want of time'])),
      'tfjs-node-gpu (CUDA)': 'the machine has no NVIDIA card',
      'WebGPU and WebGL on a GPU': 'the machine has none; SwiftShader, which runs on the CPU, stands for it',
    },
  }
}

/** Writes the page anew. */
export function writePage(): void {
  writeFileSync(pageFile, backendsPage(pageData()))
}
