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
/** The number of a worker that ended in the middle of a job, 0 while all is well. */
export const failedAt = 6

/** Addresses, in bytes. */
export const inputAt = 8
export const weightsAt = 9
export const outputAt = 10
/** 0 where there is none. */
export const biasAt = 11
/** What is added to the output before the activation, of its shape; 0 where there is none. */
export const residualAt = 12
/** As many zeros as a pixel has channels, read where a tap lies outside the input. */
export const zerosAt = 13
/** Scratch memory of thread 0; the others follow. */
export const scratchAt = 14
/** Bytes of it for each thread. */
export const scratchSizeAt = 15
/** A second input. */
export const otherAt = 16
/** Factors of the second input, one a channel. */
export const otherWeightsAt = 17

export const inHeightAt = 18
export const inWidthAt = 19
export const inChannelsAt = 20
export const outHeightAt = 21
export const outWidthAt = 22
export const outChannelsAt = 23
export const filterHeightAt = 24
export const filterWidthAt = 25
export const strideHeightAt = 26
export const strideWidthAt = 27
export const dilationHeightAt = 28
export const dilationWidthAt = 29
export const padTopAt = 30
export const padLeftAt = 31

/** Rows of the product in all: output pixels, or Winograd's tiles. */
export const rowsAt = 32
/** Of a unit at most. */
export const blockRowsAt = 33
/** Panels of 8 output channels of a unit at most. */
export const blockPanelsAt = 34
/** Whether patches are copied one after the other first, as short channels would make short loops. */
export const gatheredAt = 35
/** The activation as a range, two float32. */
export const lowestAt = 36
export const highestAt = 37

/** What an optimizer keeps of a weight, and where it goes; 0 where there is none. */
export const stateAt = 38
export const otherStateAt = 39
export const stateToAt = 40
export const otherStateToAt = 41
/** Numbers of a step, float32. */
export const valuesAt = 42

/** Input channels of a unit of a filter's gradient at most. */
export const blockColumnsAt = 50

/** Bytes from one image, row and pixel to the next, where a copy reads and where it writes. */
export const fromImageAt = 52
export const fromRowAt = 53
export const fromPixelAt = 54
export const toImageAt = 55
export const toRowAt = 56
export const toPixelAt = 57

/** Floats from one pixel to the next: the channels, or more where these are those of a group. */
export const inPixelAt = 58
export const outPixelAt = 59

/** Words of a job. */
export const jobWords = 60

/** Convolutions: see direct.ts, winograd.ts, depthwise.ts. */
export const directKind = 0
export const winogradKind = 1
export const depthwiseKind = 2
/** Values by themselves or with their channel: affine.ts, range-mask.ts. */
export const affineKind = 3
export const rangeMaskKind = 4
/** Sums over rows: moments.ts, norm-sums.ts. */
export const momentsKind = 5
export const normSumsKind = 6
/** Gradients: filter-gradient.ts, filter-gradient-winograd.ts, depthwise-filter-gradient.ts, depthwise-input-gradient.ts, pool-gradients.ts, patch-sums.ts. */
export const filterGradientKind = 7
export const depthwiseFilterGradientKind = 8
export const depthwiseInputGradientKind = 9
export const maxPoolGradientKind = 10
export const averagePoolGradientKind = 11
export const winogradFilterGradientKind = 30
export const patchSumsKind = 31
/** Steps of optimizers: updates.ts. */
export const sgdKind = 12
export const adamKind = 13
export const rmsPropKind = 14
/** Pools, activations and sums, copies: pools.ts, sums.ts, copies.ts. */
export const maxPoolKind = 15
export const averagePoolKind = 16
export const sumKind = 17
export const copyKind = 18
/** A few rows times a matrix: row-product.ts. */
export const rowProductKind = 19
export const addUpKind = 20
