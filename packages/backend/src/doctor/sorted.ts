import type { Finding } from './diagnosis.ts'

const order: readonly Finding['severity'][] = ['fault', 'warning', 'note']

/** Faults first, then warnings, then notes. */
export function sorted(findings: readonly Finding[]): Finding[] {
  return order.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
}
