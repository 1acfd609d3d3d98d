import * as at from './job-fields.ts'

/** A convolution for the kernels of assembly/. Addresses are in bytes. */
export interface Job {
  readonly kind: number
  readonly units: number
  readonly input: number
  readonly weights: number
  readonly output: number
  /** 0 where there is none. */
  readonly bias: number
  /** Bytes of scratch memory a thread. */
  readonly scratch: number
  readonly inHeight: number
  readonly inWidth: number
  readonly inChannels: number
  readonly outHeight: number
  readonly outWidth: number
  readonly outChannels: number
  readonly filterHeight: number
  readonly filterWidth: number
  readonly strideHeight: number
  readonly strideWidth: number
  readonly dilationHeight: number
  readonly dilationWidth: number
  readonly padTop: number
  readonly padLeft: number
  readonly rows: number
  readonly blockRows: number
  readonly blockPanels: number
  readonly gathered: boolean
  /** The range of the activation. */
  readonly range: readonly [number, number]
}

/** Writes a job where the kernels read it, but for the fields that threads share. */
export function writeJob(
  memory: WebAssembly.Memory,
  address: number,
  job: Job,
  room: { readonly scratch: number; readonly zeros: number },
): void {
  const words = new Int32Array(memory.buffer, address, at.jobWords)
  words[at.kindAt] = job.kind
  words[at.unitsAt] = job.units
  words[at.inputAt] = job.input
  words[at.weightsAt] = job.weights
  words[at.outputAt] = job.output
  words[at.biasAt] = job.bias
  words[at.zerosAt] = room.zeros
  words[at.scratchAt] = room.scratch
  words[at.scratchSizeAt] = job.scratch
  words[at.inHeightAt] = job.inHeight
  words[at.inWidthAt] = job.inWidth
  words[at.inChannelsAt] = job.inChannels
  words[at.outHeightAt] = job.outHeight
  words[at.outWidthAt] = job.outWidth
  words[at.outChannelsAt] = job.outChannels
  words[at.filterHeightAt] = job.filterHeight
  words[at.filterWidthAt] = job.filterWidth
  words[at.strideHeightAt] = job.strideHeight
  words[at.strideWidthAt] = job.strideWidth
  words[at.dilationHeightAt] = job.dilationHeight
  words[at.dilationWidthAt] = job.dilationWidth
  words[at.padTopAt] = job.padTop
  words[at.padLeftAt] = job.padLeft
  words[at.rowsAt] = job.rows
  words[at.blockRowsAt] = job.blockRows
  words[at.blockPanelsAt] = job.blockPanels
  words[at.gatheredAt] = job.gathered ? 1 : 0
  const floats = new Float32Array(memory.buffer, address, at.jobWords)
  floats[at.lowestAt] = job.range[0]
  floats[at.highestAt] = job.range[1]
}
