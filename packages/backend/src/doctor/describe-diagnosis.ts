import type { BackendCheck, Diagnosis, Finding, Machine } from './diagnosis.ts'

const marks = { fault: '✘', warning: '!', note: '·' } as const

/** What `doctor` found, as text to read or to paste into a report. */
export function describeDiagnosis(diagnosis: Diagnosis): string {
  const { runtime, machine, packages, backends, findings } = diagnosis
  const sections = [
    [headline(findings), '', `Runtime   ${runtime}`, ...machineLines(machine)],
    titled(
      'Packages',
      packages.map(({ name, version, path }) => `${name} ${version}${path && `  ${path}`}`),
    ),
    titled('Backends', backends.map(backendLine)),
    findings.flatMap(findingLines),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function headline(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity'], one: string): string[] => {
    const found = findings.filter((finding) => finding.severity === severity).length
    return found === 0 ? [] : [`${found} ${one}${found === 1 ? '' : 's'}`]
  }
  const counts = [...count('fault', 'fault'), ...count('warning', 'warning')]
  return counts.length === 0 ? 'Nothing wrong was found.' : `${counts.join(', ')}.`
}

function machineLines({
  processor,
  cores,
  usableCores,
  memoryBytes,
  memoryLimitBytes,
  cards,
  details,
}: Machine): string[] {
  const some = cores === usableCores ? `${cores} cores` : `${cores} cores, ${usableCores} of them for this process`
  const memory = memoryBytes === undefined ? [] : [`${gigabytes(memoryBytes)} of memory`]
  const limit = memoryLimitBytes === undefined ? [] : [`${gigabytes(memoryLimitBytes)} of it for this process`]
  return [
    `Machine   ${[...(processor === undefined ? [] : [processor]), some, ...memory, ...limit].join(', ')}`,
    ...cards.map((card) => `Graphics  ${card}`),
    ...Object.entries(details).map(([name, value]) => `${name.padEnd(9)} ${value}`),
  ]
}

function backendLine({ name, works, report, reason, milliseconds }: BackendCheck): string {
  const label = `${works ? '✔' : '✘'} ${name.padEnd(11)}`
  if (report === undefined) return `${label}${reason ?? 'may run (it was asked, not started)'}`
  const { device, driver, threads, memoryBytes, details } = report
  const facts = [
    device,
    ...(driver === undefined ? [] : [driver]),
    ...(threads === undefined ? [] : [`${threads} ${threads === 1 ? 'thread' : 'threads'}`]),
    ...(memoryBytes === undefined ? [] : [gigabytes(memoryBytes)]),
    ...(details.note === undefined ? [] : [details.note]),
  ]
  return `${label}${facts.join(', ')} (started and tested in ${((milliseconds ?? 0) / 1000).toFixed(1)} s)`
}

function findingLines({ severity, what, remedy }: Finding): string[] {
  return [`${marks[severity]} ${what}`, ...(remedy === undefined ? [] : [`  → ${remedy}`])]
}

const titled = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
