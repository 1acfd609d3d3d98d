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

/** Options of everything that opens weights. */
export interface OpenWeightsOptions {
  /** Called at most ten times a second, and at the end of each phase. */
  readonly onProgress?: ((event: WeightsProgress) => void) | undefined
  /** Stops fetching with the error `ABORTED`. What has arrived is kept, and the next call goes on from there. */
  readonly signal?: AbortSignal | undefined
  /** Node: the cache folder, in place of `CNNKIT_CACHE` and the system's own (`cacheLocation` tells which). */
  readonly cacheDir?: string | undefined
  /** Fetch nothing: from the cache, or the error `OFFLINE`. In Node `CNNKIT_OFFLINE=1` says the same. */
  readonly offline?: boolean | undefined
  /** How often a broken transfer is taken up again without progress in between; 4 unless said. */
  readonly retries?: number | undefined
  /** A transfer that brings no byte for so long counts as broken; 30 unless said. */
  readonly stallSeconds?: number | undefined
  /** Browser: where npm packages are read file by file; `https://cdn.jsdelivr.net/npm/` unless said. */
  readonly cdn?: string | undefined
}
