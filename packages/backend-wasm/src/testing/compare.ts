import { expectAsOnCpu, type Values, type Work } from '@cnnkit/testing/compare'

/** Expects that `wasm` gives what `cpu` gives, or what `cpu` gives for the same worked out in another way. */
export const expectSameOnCpu = (
  inputs: Readonly<Record<string, Values>>,
  run: Work,
  tolerance: number,
  label = '',
  reference: Work = run,
): Promise<void> => expectAsOnCpu('wasm', inputs, run, tolerance, { label, reference })
