/** `0.8251` as `82.5 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** Seconds as a person says them: `8 s`, `2 min 05 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '…'
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
}

/** Bytes in decimal units: `95.1 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  if (count < 1e6) return `${(count / 1e3).toFixed(1)} kB`
  return `${(count / 1e6).toFixed(1)} MB`
}

/** A whole number in groups of three: `25,636,712`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

/** Rows as aligned columns; numbers (and whatever looks like one) to the right. The first row is the header. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const numeric = widths.map((_, column) => rows.slice(1).every((row) => /^[\d.,%\s]*$/.test(row[column]!)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return [line(rows[0]!), rule, ...rows.slice(1).map(line)].join('\n')
}
