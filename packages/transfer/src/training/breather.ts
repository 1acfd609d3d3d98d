/** Milliseconds between pauses. */
const BREATH = 100

/** A function that lets timers, signals and the page have a turn now and then: a step waits for nothing that would. */
export function breather(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < BREATH) return
    await new Promise((resolve) => setTimeout(resolve))
    last = performance.now()
  }
}
