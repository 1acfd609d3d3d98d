import { weightsError } from './error.ts'

/** The formats that are read. More may be added: a `switch` over them needs a default. */
export type WeightFormat = 'tfjs' | 'safetensors' | 'torch' | 'keras-h5' | 'keras-v3' | 'onnx'

/** What the values mean, after dequantisation. More may be added, as with {@link WeightFormat}. */
export type TensorDtype =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'bool'

/** A tensor of a weight file: known by name, shape and dtype; its bytes are read on demand. */
export interface NamedTensor {
  /** As the file has it: `conv1/kernel`. */
  readonly name: string
  /** As the file has it; empty for a scalar. */
  readonly shape: readonly number[]
  /** What the values mean. {@link NamedTensor.read} converts all of them to float32: integers beyond 2^24 are rounded. */
  readonly dtype: TensorDtype
  /** Bytes it takes in the file: fewer than four a value where it is quantised. */
  readonly byteLength: number
  /**
   * The values in row-major order, dequantised and converted to float32. Each call reads the file and returns an array of
   * its own, which belongs to the caller; nothing else of the file is read.
   *
   * Errors: `SHARD_SIZE` and `SHARD_MISSING` where the file has changed since it was opened, `CLOSED` after `close`.
   */
  read(): Promise<Float32Array>
}

/** Weights as a file holds them: a list of named tensors, whatever the network. */
export interface WeightFile {
  /** The format that was found. */
  readonly format: WeightFormat
  /** Where it was opened: a path, a URL, or a package with its version. */
  readonly source: string
  /** In the file's order; for Keras, that in which Keras loads them. */
  readonly tensors: readonly NamedTensor[]
  /**
   * What else the file says of itself. tfjs: `format`, `generatedBy`, `convertedBy`, `userDefinedMetadata`, ...; safetensors: its
   * `__metadata__`; torch: `form` (`zip` or `legacy`), `stateDict` (where in the file the names were found), `prefix` (what all
   * names began with, and was taken off), `skipped` (names of what is no tensor), `checkpoint` (numbers, texts and flags beside it).
   * Keras: `layers` (`KerasFileLayer`s in the order in which Keras loads them), `keras_version`, `backend`, `model_config` (JSON). ONNX:
   * `uses` (`OnnxUse`s by tensor), `nodes` (`OnnxNode`s), `ir_version`, `opset`, `producer_name`, ...
   */
  readonly metadata: Readonly<Record<string, unknown>>
  /** The tensor of that name, or undefined. */
  get(name: string): NamedTensor | undefined
  /** Lets go of what the file holds open. Tensors cannot be read afterwards; arrays that were read stay good. */
  close(): Promise<void>
}

/** A weight file of the tensors that a format's reader has found: names must differ, and reading ends with `close`. */
export function weightFile(file: Pick<WeightFile, 'format' | 'source' | 'tensors' | 'metadata'>): WeightFile {
  let closed = false
  const byName = new Map<string, NamedTensor>()
  const tensors = file.tensors.map((tensor) => {
    if (byName.has(tensor.name)) {
      throw weightsError(
        file.format === 'tfjs' ? 'BAD_MANIFEST' : 'BAD_FILE',
        `${file.source} has two tensors named "${tensor.name}". Write the file anew.`,
      )
    }
    const guarded: NamedTensor = {
      ...tensor,
      async read() {
        if (closed) {
          throw weightsError('CLOSED', `"${tensor.name}" of ${file.source} was read after close(). Read it before.`)
        }
        return tensor.read()
      },
    }
    byName.set(tensor.name, guarded)
    return guarded
  })
  return {
    ...file,
    tensors,
    get: (name) => byName.get(name),
    close: async () => {
      closed = true
    },
  }
}
