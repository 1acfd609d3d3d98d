import type { ZooKernels } from '../collect/record.ts'
import { type FormResult, holds, type WorkResult } from '../networks/compare-form.ts'
import type { Work } from '../networks/run-form.ts'
import { classOf, tolerances } from '../replay/tolerances.ts'
import type { KernelSummary, PlaceResults } from '../results/results.ts'
import { introduction, kernelsText, networksText } from './prose.ts'
import { short } from './short.ts'

/** What the page is made of. */
export interface PageData {
  /** By place, in the order of the columns. */
  readonly results: Readonly<Record<string, PlaceResults>>
  readonly zoo: ZooKernels
  /** Backends that nothing is known of, and why. */
  readonly notRun: Readonly<Record<string, string>>
}

/** The page in Markdown: what runs where, and how far it is from the reference. */
export function backendsPage({ results, zoo, notRun }: PageData): string {
  const places = Object.values(results)
  return [
    introduction(zoo),
    '## Where it ran\n',
    table(
      ['backend', 'device', 'date', 'TensorFlow.js', 'kernels of its own', 'composed', 'missing', 'calls', 'beyond'],
      [
        ...places.map(placeRow),
        ...Object.entries(notRun).map(([title, why]) => [title, `not run here: ${why}`, ...empty(7)]),
      ],
    ),
    '\n## Networks\n',
    networksText,
    networkTable(results, Object.keys(zoo.networks)),
    '\n## Kernels\n',
    kernelsText,
    table(
      ['kernel', 'tolerance', ...places.map(({ title }) => title)],
      zoo.kernels.map((kernel) => [
        `\`${kernel}\``,
        tolerances[classOf(kernel)] === 0 ? '0' : short(tolerances[classOf(kernel)]),
        ...places.map((place) => kernelCell(place, kernel)),
      ]),
    ),
    beyond(places),
  ].join('\n')
}

const works: readonly (readonly Work[])[] = [['infer'], ['gradient', 'step'], ['map']]

/** Whose comparison with it holds a place where it was not compared itself. */
const heldBy: Readonly<Record<string, readonly string[]>> = {
  'node-wasm': ['node-tensorflow'],
  'page-wasm': ['page-webgl', 'page-webgpu'],
}

/** With a column for each place that something is known of. */
function networkTable(results: PageData['results'], networks: readonly string[]): string {
  const of = (id: string, network: string): FormResult | undefined =>
    Object.values(results[id]?.networks ?? {}).find((result) => result.network === network)
  const ids = Object.keys(results).filter((id) =>
    [id, ...(heldBy[id] ?? [])].some((known) => Object.keys(results[known]?.networks ?? {}).length > 0),
  )
  const rows = networks.map((network) => {
    const size = Math.max(...ids.map((id) => of(id, network)?.size ?? 0))
    const cells = ids.map((id) => {
      const own = of(id, network)
      const other = (heldBy[id] ?? []).map((holder) => of(holder, network)).find((result) => result)
      return own === undefined && other !== undefined ? `_${networkCell(other, size)}_` : networkCell(own, size)
    })
    return [`\`${network}\``, size === 0 ? '' : `${size}`, ...cells]
  })
  return table(['network', 'size', ...ids.map((id) => results[id]!.title)], rows)
}

function networkCell(result: FormResult | undefined, size: number): string {
  if (result === undefined) return ''
  const told = works.map((names) => {
    const all = names.filter((name) => result.works[name]).map((name) => ({ name, ...result.works[name] }))
    if (all.length === 0) return '–'
    const { name, ...found } = all.reduce(worse)
    if (found.failure !== undefined) return '**fails**'
    const error = holds(name, found) ? short(found.error!) : `**${short(found.error!)}**`
    return found.ownSpread === undefined ? error : `${error} of ${short(found.ownSpread)}`
  })
  const sets = result.sets > 1 ? ` \`${result.sets}\`` : ''
  return `${told.join(' · ')}${sets}${result.size === size ? '' : ` at ${result.size}`}`
}

type Named = WorkResult & { readonly name: Work }

const severity = ({ error, failure }: WorkResult): number => (failure === undefined ? error! : Number.POSITIVE_INFINITY)
const worse = (a: Named, b: Named): Named => (severity(b) > severity(a) ? b : a)

function placeRow({ title, report, date, versions, kernels }: PlaceResults): readonly string[] {
  const count = (form: KernelSummary['form']): string => `${kernels.filter((kernel) => kernel.form === form).length}`
  const sum = (of: (kernel: KernelSummary) => number): string =>
    `${kernels.reduce((all, kernel) => all + of(kernel), 0)}`
  const { chromium, runtime, tensorflow } = report.details
  const runs = [
    report.device,
    ...(tensorflow ? [`TensorFlow ${tensorflow}`] : []),
    ...(chromium ? [`Chromium ${chromium}`] : [runtime ?? `Node ${versions.node}`]),
  ]
  const forms = (['own', 'composed', 'missing'] as const).map(count)
  return [
    title,
    runs.join(', '),
    date,
    versions.tfjs!,
    ...forms,
    sum(({ calls }) => calls),
    sum(({ failed }) => failed),
  ]
}

function kernelCell({ kernels }: PlaceResults, kernel: string): string {
  const found = kernels.find((result) => result.kernel === kernel)
  if (found === undefined) return ''
  if (found.form === 'missing') return '**missing**'
  const worst = found.worst === 0 ? '0' : short(found.worst)
  return `${found.failed > 0 ? `**${worst}**` : worst}${found.form === 'composed' ? ' c' : ''}`
}

/** What failed, in words. */
function beyond(places: readonly PlaceResults[]): string {
  const kernels = places.flatMap(({ title, kernels }) =>
    kernels.flatMap(({ kernel, failed, calls, worst, example }) =>
      example === undefined
        ? []
        : `- ${title}, ${kernel}: ${failed} of ${calls} calls, worst ${short(worst)}, such as \`${example.line}\`${example.failure ? `: ${example.failure}` : ''}`,
    ),
  )
  const networks = places.flatMap(({ title, networks }) =>
    Object.values(networks).flatMap(({ network, works }) =>
      Object.entries(works)
        .filter(([work, result]) => !holds(work as Work, result))
        .map(
          ([work, { error, at, failure }]) =>
            `- ${title}, ${network}, ${work}: ${failure ?? `${short(error!)} at ${at}`}`,
        ),
    ),
  )
  const all = [...kernels, ...networks]
  return `\n## Beyond\n\n${all.length === 0 ? 'Nothing that was run.' : all.map(oneLine).join('\n')}\n`
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 400)

const empty = (count: number): string[] => Array.from({ length: count }, () => '')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
