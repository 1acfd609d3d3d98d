import {
  engine,
  getBackend,
  getKernel,
  type KernelFunc,
  registerKernel,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'

/** The composed form of a kernel: written with TensorFlow.js' public operations, so it runs on any backend. */
export type ComposedForm<Inputs, Attributes> = (inputs: Inputs, attributes: Attributes) => Tensor[]

/**
 * Runs a named kernel on the current backend.
 *
 * A backend that registered a fast form under the name runs that; any other gets the composed form, registered for it on
 * first use. Either way TensorFlow.js sees one operation, so its gradient is the one that is registered under the name
 * and not the composition's.
 */
export function runKernel<Inputs extends object, Attributes extends object>(
  name: string,
  composed: ComposedForm<Inputs, Attributes>,
  inputs: Inputs,
  attributes: Attributes,
): Tensor[] {
  ensureKernel(name, composed)
  const outputs = engine().runKernel(name, { ...inputs } as never, { ...attributes } as never)
  return Array.isArray(outputs) ? outputs : [outputs]
}

/** Registers a composed form for the current backend, unless that has a form of its own: what {@link runKernel} does first. */
export function ensureKernel<Inputs extends object, Attributes extends object>(
  name: string,
  composed: ComposedForm<Inputs, Attributes>,
): void {
  const backendName = getBackend()
  if (getKernel(name, backendName) !== undefined) return
  const kernelFunc: KernelFunc = ({ inputs, attrs }) => {
    const outputs = tidy(() => composed(inputs as Inputs, attrs as Attributes))
    // As TensorFlow.js' own kernels give it, whose gradients expect it so.
    return outputs.length === 1 ? outputs[0]! : outputs
  }
  registerKernel({ kernelName: name, backendName, kernelFunc })
}

/**
 * {@link runKernel} for a kernel that fuses operations and has no gradient of its own. Under a gradient tape the composed form runs
 * operation by operation, each with its gradient, as TensorFlow.js does with its own fused operations.
 */
export function runFusedKernel<Inputs extends object, Attributes extends object>(
  name: string,
  composed: ComposedForm<Inputs, Attributes>,
  inputs: Inputs,
  attributes: Attributes,
): Tensor[] {
  if (engine().state.gradientDepth > 0) return composed(inputs, attributes)
  return runKernel(name, composed, inputs, attributes)
}
