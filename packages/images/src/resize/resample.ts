// PIL's two passes, ImagingResampleInner in src/libImaging/Resample.c (Pillow 13): rounded to bytes in between.
import type { Pixels } from '../picture.ts'
import { type Filter, kernels } from './filters.ts'
import { nearest } from './nearest.ts'
import { horizontal, vertical } from './passes.ts'
import { type Axis, tapsOf } from './taps.ts'

/** A resize of which only a window is computed: the result is the same as to resize first and crop then. */
export interface Resampling {
  /** The part of the source that becomes the whole target, in pixels and parts of pixels. */
  readonly box: readonly [left: number, top: number, right: number, bottom: number]
  /** Size of the whole target. */
  readonly width: number
  readonly height: number
  /** The part of the target that is wanted, in whole pixels. */
  readonly window: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
  readonly filter: Filter
  readonly antialias: boolean
}

/** Resamples pixels of any number of channels; each channel by itself. */
export function resample(source: Pixels, { box, width, height, window, filter, antialias }: Resampling): Pixels {
  const across: Axis = {
    sourceSize: source.width,
    start: box[0],
    end: box[2],
    targetSize: width,
    offset: window.left,
    length: window.width,
  }
  const down: Axis = {
    sourceSize: source.height,
    start: box[1],
    end: box[3],
    targetSize: height,
    offset: window.top,
    length: window.height,
  }
  if (isIdentity(across) && isIdentity(down)) return source
  if (filter === 'nearest') return nearest(source, across, down)
  const kernel = kernels[filter]
  const scaleRows = (pixels: Pixels, top: number, bottom: number): Pixels =>
    isIdentity(across) ? pixels : horizontal(pixels, tapsOf(across, kernel, antialias), top, bottom)
  if (isIdentity(down)) return scaleRows(source, 0, source.height)
  const rows = tapsOf(down, kernel, antialias)
  if (columnsFirst(across, down)) return scaleRows(vertical(source, rows, 0), 0, window.height)
  const last = rows.first.length - 1
  const top = isIdentity(across) ? 0 : rows.first[0]!
  return vertical(scaleRows(source, top, rows.first[last]! + rows.count[last]!), rows, top)
}

function isIdentity({ sourceSize, start, end, targetSize, offset, length }: Axis): boolean {
  return start === 0 && end === sourceSize && targetSize === sourceSize && offset === 0 && length === targetSize
}

/** Pillow 13 and later scale the height first where it shrinks more than twice as much as the width. */
function columnsFirst(across: Axis, down: Axis): boolean {
  const shrinkage = down.sourceSize - down.targetSize
  return shrinkage > 0 && shrinkage > 2 * (across.sourceSize - across.targetSize)
}
