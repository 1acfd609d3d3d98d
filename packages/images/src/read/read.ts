/** Where a picture is read from. */
export type ReadSource = string | URL | Uint8Array | ArrayBuffer | Blob

/** How `readImage` reads. */
export interface ReadOptions {
  /**
   * What becomes of an embedded colour profile: `apply` (default) converts to sRGB, which is what a viewer shows and a
   * canvas holds; `ignore` takes the numbers as they are, as PIL does, and with it Keras, torchvision and timm.
   */
  readonly profile?: 'apply' | 'ignore'
  /** Ends a download; the error is then `ABORTED`. */
  readonly signal?: AbortSignal
}
