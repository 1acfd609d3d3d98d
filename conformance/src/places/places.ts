import { nodeGpu } from '@cnnkit/backend-node-gpu'
import { wasm } from '@cnnkit/backend-wasm'
import { webgpu } from '@cnnkit/backend-webgpu'
import { openHere } from './here.ts'
import { openPage } from './page.ts'
import type { Place } from './place.ts'
import { findSwiftshader } from './swiftshader.ts'

const oneThread = { threads: 1 } as const

/** All backends where they run here: in Node, and in pages of Chromium. */
export const places: readonly Place[] = [
  { id: 'node-wasm', title: 'wasm, Node', open: () => openHere(wasm({ ...oneThread, kernels: 'stock' })) },
  {
    id: 'node-wasm-own',
    title: 'wasm, own kernels, Node',
    open: () => openHere(wasm({ ...oneThread, kernels: 'own' })),
  },
  { id: 'node-tensorflow', title: 'tfjs-node', open: () => openHere(nodeGpu(), wasm(oneThread)) },
  {
    id: 'node-webgpu',
    title: 'WebGPU, Node (Dawn)',
    open: () => {
      findSwiftshader()
      return openHere(webgpu({ software: 'allow' }), wasm(oneThread))
    },
  },
  { id: 'page-wasm', title: 'wasm, Chromium', open: () => openPage('wasm') },
  { id: 'page-webgl', title: 'WebGL, Chromium', open: () => openPage('webgl') },
  { id: 'page-webgpu', title: 'WebGPU, Chromium', open: () => openPage('webgpu') },
]
