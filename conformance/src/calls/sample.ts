import type { ZooKernels } from '../collect/record.ts'

/** The kernel that a line of `lineOf` calls. */
const kernelOf = (line: string): string => line.slice(0, line.indexOf(' '))

/** So many calls of each kernel, evenly from all of its classes; all unless given. */
export function sample(
  { classes }: ZooKernels,
  most: number = Number.POSITIVE_INFINITY,
): ReadonlyMap<string, readonly string[]> {
  const byKernel = new Map<string, string[]>()
  for (const line of Object.keys(classes)) byKernel.set(kernelOf(line), [...(byKernel.get(kernelOf(line)) ?? []), line])
  return new Map([...byKernel].map(([kernel, lines]) => [kernel, spread(lines, most)]))
}

function spread(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines
  return Array.from({ length: most }, (_, i) => lines[Math.floor((i * lines.length) / most)]!)
}
