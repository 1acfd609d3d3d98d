import { megabytes } from './disk.ts'

/** Told how a step gets on. */
export interface Progress {
  /** A step begins. */
  step(text: string): void
  /** So much of the step's bytes is done. */
  done(bytes: number, total: number, what?: string): void
  /** Something to know on the way. */
  note(text: string): void
}

/** Writes one line a step, and under it how far it is: in place on a terminal, each tenth elsewhere. */
export function printed(stream: NodeJS.WriteStream = process.stderr): Progress {
  let last = -1
  let open = false
  const close = (): void => {
    if (open) stream.write('\n')
    open = false
    last = -1
  }
  return {
    step(text) {
      close()
      stream.write(`${text}\n`)
    },
    note(text) {
      close()
      stream.write(`  ${text}\n`)
    },
    done(bytes, total, what = '') {
      const part = Math.floor((100 * bytes) / total)
      if (!(part >= 0) || part === last || (!stream.isTTY && Math.floor(part / 10) === Math.floor(last / 10))) return
      if (part < last) close()
      last = part
      const line = `  ${part} % of ${megabytes(total)} ${what}`.trimEnd()
      stream.write(stream.isTTY ? `\r${line}` : `${line}\n`)
      open = stream.isTTY && part < 100
      if (stream.isTTY && part === 100) stream.write('\n')
    },
  }
}

/** Says nothing. */
export const silent: Progress = { step: () => {}, done: () => {}, note: () => {} }
