import ora from 'ora'

/** A line on the terminal that says how far a long piece of work is. It writes to stderr, so that results can be piped. */
export interface ProgressLine {
  /** Says how far the work is: a share from 0 to 1, and what there is to say beside the bar. */
  update(share: number, text: string): void
  /** Ends with what came of it. */
  done(text: string): void
  /** Ends without success; the error itself is printed by who catches it. */
  stop(): void
}

/** Seconds between lines where there is no terminal to redraw one. */
const PATIENCE = 5

/**
 * Starts a progress line. On a terminal it is redrawn in place; in a log a line is written every few seconds.
 *
 * @param label what is being done: `Fine-tuning`
 */
export function progressLine(label: string): ProgressLine {
  // A terminal that does not say how wide it is (a pseudo-terminal of `script`, some containers) cannot be redrawn: ora
  // would divide by its width of 0 and erase lines without end.
  return process.stderr.isTTY && process.stderr.columns > 0 ? redrawn(label) : logged(label)
}

function redrawn(label: string): ProgressLine {
  let drawn = 0
  const spinner = ora({ text: label, stream: process.stderr, discardStdin: false }).start()
  return {
    update: (share, text) => {
      // A line that wraps would flicker.
      spinner.text = `${label} ${bar(share)} ${text}`.slice(0, process.stderr.columns - 4)
      // ora draws by a timer, which work without a pause never lets run.
      if (performance.now() - drawn < 80) return
      drawn = performance.now()
      spinner.render()
    },
    done: (text) => {
      spinner.succeed(`${label}: ${text}`)
    },
    stop: () => {
      spinner.stop()
    },
  }
}

function logged(label: string): ProgressLine {
  let last = performance.now()
  return {
    update: (share, text) => {
      if (performance.now() - last < PATIENCE * 1000) return
      last = performance.now()
      process.stderr.write(`  ${label} ${Math.floor(share * 100)} % ${text}\n`)
    },
    done: (text) => {
      process.stderr.write(`✔ ${label}: ${text}\n`)
    },
    stop: () => {},
  }
}

const WIDTH = 24

function bar(share: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * WIDTH)
  return `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`
}
