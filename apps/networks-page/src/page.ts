import type { NetworkRow } from './rows.ts'

/** The page in Markdown: a table with a row for each form of each network. */
export function networksPage(rows: readonly NetworkRow[]): string {
  const head = [
    'network',
    'form',
    'weights',
    'input',
    'MB',
    'top-1',
    'top-5',
    'parameters',
    'depth',
    'G multiply-adds',
    'held against',
    'paper',
  ]
  const align = ['---', '---', '---', '--:', '--:', '--:', '--:', '--:', '--:', '--:', '---', '---']
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const body = rows.map((row, i) => line(cellsOf(row, rows[i - 1])))
  return `${introduction}\n${[line(head), line(align), ...body].join('\n')}\n`
}

const introduction = `# Networks

<!-- Written by \`npm run build && node apps/networks-page/dist/main.js\`; a test holds it to what the zoo says. -->

Every network in every form: \`createModel(name, { flavor })\`, or \`createModel(name, { weights })\` with the tag of the weights. The numbers
are the zoo's own (\`modelInfo\`), but for the accuracies, which are what the publisher of the weights says: percent of ImageNet's validation
pictures, of CIFAR-10's test pictures for networks whose name ends in \`_cifar\`. Size is that of the values in float32; depth counts the layers
that have weights and parameters include the moving statistics of norms, as Keras' documentation has it.

Each form is held against an original with the same weights, made by a formula, at every stage and at the logits, to 1e-4: that of a library,
or where none has it a build in PyTorch from the paper's table or the published prototxt, written apart (\`reference/zoo/papers\`).

![Accuracy against operations, with parameters as area](networks.svg)
`

function cellsOf({ info, weights, originals }: NetworkRow, before: NetworkRow | undefined): readonly string[] {
  const isFirst = before?.info.name !== info.name
  const percent = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(1))
  return [
    isFirst ? `\`${info.name}\`` : '',
    info.flavor,
    weights ? `\`${weights.tag}\`` : '',
    `${info.inputSize}`,
    megabytes(info.parameters).toFixed(megabytes(info.parameters) < 10 ? 1 : 0),
    percent(weights?.accuracy?.top1),
    percent(weights?.accuracy?.top5),
    info.parameters.toLocaleString('en'),
    `${info.depth}`,
    (info.multiplyAccumulates / 1e9).toPrecision(3),
    originals.join('; '),
    isFirst ? paperOf(info.paper) : '',
  ]
}

/** Of float32 values; 2^20 bytes, as Keras' documentation counts. */
const megabytes = (parameters: number): number => (4 * parameters) / 2 ** 20

function paperOf(url: string): string {
  const [, arxiv] = /arxiv\.org\/abs\/(.+)$/.exec(url) ?? []
  return `[${arxiv ? `arXiv:${arxiv}` : 'paper'}](${url})`
}
