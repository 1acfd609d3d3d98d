import '@tensorflow/tfjs-backend-cpu'
import { writeFile } from 'node:fs/promises'
import { networksChart } from './chart.ts'
import { networksPage } from './page.ts'
import { networkRows } from './rows.ts'

const docs = new URL('../../../docs/', import.meta.url)
const rows = await networkRows()
await writeFile(new URL('networks.md', docs), networksPage(rows))
await writeFile(new URL('networks.svg', docs), await networksChart(rows))
process.stdout.write(`${rows.length} rows in docs/networks.md, and the chart beside it\n`)
