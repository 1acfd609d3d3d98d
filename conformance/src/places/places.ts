import { nodeGpu } from '@cnnkit/backend-node-gpu'
import { wasm } from '@cnnkit/backend-wasm'
import { webgpu } from '@cnnkit/backend-webgpu'
import type { BackendDriver } from '@cnnkit/kernels'
import { openHere } from './here.ts'
import { openPage, whyNoPage } from './page.ts'
import type { Place } from './place.ts'
import { findSwiftshader } from './swiftshader.ts'

const oneThread = { threads: 1 } as const
const always = async (): Promise<undefined> => undefined

/** All backends where they run here: in Node, and in pages of Chromium. */
export const places: readonly Place[] = [
  { id: 'node-wasm', title: 'wasm, Node', why: always, open: () => openHere(wasm(oneThread)) },
  {
    id: 'node-wasm-stock',
    title: 'wasm, TensorFlow.js’ kernels, Node',
    why: always,
    open: () => openHere(wasm({ ...oneThread, kernels: 'stock' })),
  },
  {
    id: 'node-tensorflow',
    title: 'tfjs-node',
    why: () => nodeGpu().probe(),
    open: () => openHere(nodeGpu(), wasm(oneThread)),
  },
  {
    id: 'node-webgpu',
    title: 'WebGPU, Node',
    why: () => software().probe(),
    open: () => openHere(software(), wasm(oneThread)),
  },
  { id: 'page-wasm', title: 'wasm, Chromium', why: whyNoPage, open: () => openPage('wasm') },
  { id: 'page-webgl', title: 'WebGL, Chromium', why: whyNoPage, open: () => openPage('webgl') },
  { id: 'page-webgpu', title: 'WebGPU, Chromium', why: whyNoPage, open: () => openPage('webgpu') },
]

function software(): BackendDriver {
  findSwiftshader()
  return webgpu({ software: 'allow' })
}
