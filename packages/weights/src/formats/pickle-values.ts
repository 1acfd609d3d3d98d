/** A name of Python's, such as `torch.FloatStorage`. It is only a name: nothing is imported. */
export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: string
}

/** An object of a class that is not known: nothing was built but this note of its class, and its content is not kept. */
export interface PickleOpaque {
  readonly kind: 'opaque'
  /** Its class. */
  readonly name: string
}

/** What to make of that which is not plain data. */
export interface PickleWorld {
  /** The value of a call. Errors: where the function is not one that is known. */
  call(name: string, args: readonly unknown[]): unknown
  /** An object of a class, made without a call; undefined where a note is enough. */
  create(name: string, args: readonly unknown[]): unknown
  /** Gives an object of {@link create} its state. */
  build(object: unknown, state: unknown): void
  /** What a persistent id stands for. */
  persistent(id: unknown): unknown
}

/** The note that stands for an object of an unknown class. */
export const opaque = (name: string): PickleOpaque => ({ kind: 'opaque', name })
