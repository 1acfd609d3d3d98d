import type { BackendDriver } from '@cnnkit/backend'
import { webgl } from '@cnnkit/backend/webgl'
import { wasm } from '@cnnkit/backend-wasm'
import { webgpu } from '@cnnkit/backend-webgpu'
import { encodeImage } from '@cnnkit/images'
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { flowersOf } from './flowers.ts'
import { type Lacking, type Ran, runOn } from './program.ts'
import { columns, didRun, rowOf } from './rows.ts'

const wasmPaths = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
}
const urls = import.meta.glob<string>('../../../data/flowers-200/{daisy,roses}/*.jpg', {
  query: '?url',
  import: 'default',
  eager: true,
})
const photographs = (kind: string): string[] =>
  Object.keys(urls)
    .filter((path) => path.includes(`/${kind}/`))
    .sort()
    .map((path) => urls[path]!)

const asked = new URL(location.href).searchParams
const software = asked.has('software') ? 'allow' : 'refuse'
const drivers: readonly BackendDriver[] = [webgpu({ software }), webgl({ software }), wasm({ wasmPaths })]

const body = document.querySelector('tbody')!
document.querySelector('thead')!.append(rowOfCells('th', [...columns, 'looked at']))

async function run(): Promise<(Ran | Lacking)[]> {
  const flowers = flowersOf(
    { daisy: photographs('daisy'), roses: photographs('roses') },
    Number(asked.get('photographs') ?? 12),
  )
  const photograph = await flowers.picture(0)
  const outcomes: (Ran | Lacking)[] = []
  for (const driver of drivers) {
    const waiting = rowOfCells('td', [driver.name, '…'])
    body.append(waiting)
    await new Promise(requestAnimationFrame)
    const outcome = await runOn(driver, photograph, flowers)
    waiting.replaceWith(didRun(outcome) ? await shown(outcome) : lacking(outcome))
    outcomes.push(outcome)
  }
  return outcomes
}

async function shown(outcome: Ran): Promise<HTMLTableRowElement> {
  const row = rowOfCells('td', rowOf(outcome))
  const image = new Image(120)
  image.alt = `What the network looked at on ${outcome.name}`
  image.src = URL.createObjectURL(
    new Blob([new Uint8Array(await encodeImage(outcome.map, 'png'))], { type: 'image/png' }),
  )
  row.insertCell().append(image)
  return row
}

function lacking({ name, reason }: Lacking): HTMLTableRowElement {
  const row = rowOfCells('td', [name])
  const cell = row.insertCell()
  cell.colSpan = columns.length
  cell.className = 'lacking'
  cell.textContent = reason
  return row
}

function rowOfCells(tag: 'td' | 'th', cells: readonly string[]): HTMLTableRowElement {
  const row = document.createElement('tr')
  for (const text of cells) {
    const cell = document.createElement(tag)
    cell.textContent = text
    row.append(cell)
  }
  return row
}

Object.assign(globalThis, { outcomes: run() })
