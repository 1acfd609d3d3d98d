// Where each number of a job stands, in words: read by the host and, compiled by AssemblyScript, by the kernels. So no
// types beside the names here: AssemblyScript would not know them.

/** What to run: one of the kinds below. */
export const kindAt = 0
/** How many units of work the job has; threads take one after the other. */
export const unitsAt = 1
/** The next unit that nobody took. */
export const nextAt = 2
/** Whether units may be taken. */
export const openAt = 3
/** Workers that may still be at the job. */
export const activeAt = 4
/** Counts the jobs; workers wait for it to change. */
export const roundAt = 5

/** Addresses, in bytes. */
export const inputAt = 6
export const weightsAt = 7
export const outputAt = 8
/** 0 where there is none. */
export const biasAt = 9
/** As many zeros as a pixel has channels, read where a tap lies outside the input. */
export const zerosAt = 10
/** Scratch memory of thread 0; the others follow. */
export const scratchAt = 11
/** Bytes of it for each thread. */
export const scratchSizeAt = 12

export const inHeightAt = 13
export const inWidthAt = 14
export const inChannelsAt = 15
export const outHeightAt = 16
export const outWidthAt = 17
export const outChannelsAt = 18
export const filterHeightAt = 19
export const filterWidthAt = 20
export const strideHeightAt = 21
export const strideWidthAt = 22
export const dilationHeightAt = 23
export const dilationWidthAt = 24
export const padTopAt = 25
export const padLeftAt = 26

/** Rows of the product in all: output pixels, or Winograd's tiles. */
export const rowsAt = 27
/** Of a unit at most. */
export const blockRowsAt = 28
/** Panels of 8 output channels of a unit at most. */
export const blockPanelsAt = 29
/** Whether patches are copied one after the other first, as short channels would make short loops. */
export const gatheredAt = 30
/** The activation as a range, two float32. */
export const lowestAt = 31
export const highestAt = 32

/** Words of a job. */
export const jobWords = 40

export const directKind = 0
export const winogradKind = 1
export const depthwiseKind = 2
