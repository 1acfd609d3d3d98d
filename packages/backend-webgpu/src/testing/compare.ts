import { expectAsOnCpu, type Values, type Work } from '@cnnkit/testing/compare'

/** Expects that `webgpu` gives what `cpu` gives, or what `cpu` gives for the same worked out in another way. */
export const expectSameOnCpu = (
  inputs: Readonly<Record<string, Values>>,
  work: Work,
  tolerance: number,
  options: Parameters<typeof expectAsOnCpu>[4] = {},
): Promise<void> => expectAsOnCpu('webgpu', inputs, work, tolerance, options)
