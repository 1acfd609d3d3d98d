import { type FusedActivation, scaleShift as scaleAndShift } from '@cnnkit/kernels'
import type { serialization, Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers'
import type { Initializer } from '../scope.ts'

/** Arguments of {@link scaleShift}, beside those that all layers have. */
export interface ScaleShiftArgs {
  /** What the layer is called. */
  readonly name?: string
  /** `linear` unless given. */
  readonly activation?: FusedActivation
  /** What factors start from; ones unless given. */
  readonly scaleInitializer?: Initializer
  /** What shifts start from; zeros unless given. */
  readonly shiftInitializer?: Initializer
}

/**
 * A factor and a shift for each channel of the last axis, then an activation, in one pass: what `fuse` makes of a batch norm that
 * no convolution stands before.
 *
 * Call `registerLayers()` before a saved model that has it is loaded.
 */
export class ScaleShift extends layers.Layer {
  /** What a saved model calls it. */
  static readonly className: string = 'ScaleShift'
  /** Applied last. */
  readonly activation: FusedActivation
  private readonly initializers: readonly [scale: Initializer, shift: Initializer]
  private scale: LayerVariable | undefined
  private shift: LayerVariable | undefined

  constructor({ activation = 'linear', scaleInitializer, shiftInitializer, ...rest }: ScaleShiftArgs = {}) {
    super(rest)
    this.activation = activation
    this.initializers = [scaleInitializer ?? initializers.ones(), shiftInitializer ?? initializers.zeros()]
  }

  override build(inputShape: (number | null)[]): void {
    const channels = inputShape.at(-1) as number
    this.scale = this.addWeight('scale', [channels], 'float32', this.initializers[0])
    this.shift = this.addWeight('shift', [channels], 'float32', this.initializers[1])
    super.build(inputShape)
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs
    const [scale, shift] = [this.scale!.read() as Tensor1D, this.shift!.read() as Tensor1D]
    return scaleAndShift({ x, scale, shift }, { activation: this.activation })
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    return inputShape
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), activation: this.activation }
  }
}

/** A {@link ScaleShift} layer. */
export function scaleShift(args?: ScaleShiftArgs): ScaleShift {
  return new ScaleShift(args)
}
