/// <reference types="@webgpu/types" />

/** What differs between Node and browsers. */
export interface Platform {
  /** WebGPU as the platform has it, or why there is none, in a sentence that says what to do. */
  gpu(): Promise<GPU | string>
  /** What to do where WebGPU finds no GPU. */
  readonly remedy: string
  /** What brings WebGPU, for the report. */
  runtime(): string
  /** Whether a tensor can be read at once: it takes a canvas. */
  readonly syncReads: boolean
  /** Takes note of a device, so that the end of the program ends it in good order. */
  hold(device: GPUDevice): void
  /** Runs `make` with `navigator.gpu` in place, where TensorFlow.js' backend looks for it as it is made; what it uses later stays. */
  withNavigator<T>(gpu: GPU, make: () => T): T
}
