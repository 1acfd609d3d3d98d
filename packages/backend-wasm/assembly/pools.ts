import {
  filterHeightAt,
  filterWidthAt,
  inChannelsAt,
  inHeightAt,
  inputAt,
  inWidthAt,
  outHeightAt,
  outputAt,
  outWidthAt,
  padLeftAt,
  padTopAt,
  strideHeightAt,
  strideWidthAt,
} from '../src/engine/job-fields'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/** What a pool takes of a window. Types, so that each is compiled by itself and no loop asks which it is. */
type Largest = i32
type Mean = f32

/** One unit of a max pool: a row of outputs. */
export function maxPool(job: usize, unit: i32): void {
  pool<Largest>(job, unit)
}

/** One unit of an average pool: a row of outputs. */
export function averagePool(job: usize, unit: i32): void {
  pool<Mean>(job, unit)
}

/** What of a window lies outside the input does not count, as in TensorFlow. */
function pool<Kind>(job: usize, unit: i32): void {
  const outHeight = field(job, outHeightAt)
  const outWidth = field(job, outWidthAt)
  const inHeight = field(job, inHeightAt)
  const inWidth = field(job, inWidthAt)
  const filterWidth = field(job, filterWidthAt)
  const stride = field(job, strideWidthAt)
  const step = (<usize>field(job, inChannelsAt)) << 2
  const rowStep = <usize>inWidth * step
  const image = unit / outHeight
  const corner = (unit - image * outHeight) * field(job, strideHeightAt) - field(job, padTopAt)
  const top = max(0, corner)
  const rows = min(inHeight, corner + field(job, filterHeightAt)) - top
  const from = address(job, inputAt) + <usize>((image * inHeight + top) * inWidth) * step
  const shares = rows === 3 && filterWidth === 3 && stride <= 2 && (step & 15) === 0
  let to = address(job, outputAt) + <usize>(unit * outWidth) * step
  let edge = -field(job, padLeftAt)
  for (let x = 0; x < outWidth; ) {
    const left = max(0, edge)
    const pixel = from + <usize>left * step
    if (shares && edge >= 0 && x + 4 <= outWidth && edge + 3 * stride + 3 <= inWidth) {
      fourWindows<Kind>(pixel, to, step, rowStep, stride)
      x += 4
      edge += 4 * stride
      to += step << 2
      continue
    }
    window<Kind>(pixel, to, step, rowStep, rows, min(inWidth, edge + filterWidth) - left)
    x += 1
    edge += stride
    to += step
  }
}

/** Four windows of 3x3 beside one another: they share columns, so each column is taken once. */
function fourWindows<Kind>(from: usize, to: usize, step: usize, rowStep: usize, stride: i32): void {
  const share = f32x4.splat(1 / <f32>9)
  const end = from + step
  for (; from < end; from += 16) {
    let at = from
    const a = column<Kind>(at, rowStep)
    at += step
    const b = column<Kind>(at, rowStep)
    at += step
    const c = column<Kind>(at, rowStep)
    at += step
    const d = column<Kind>(at, rowStep)
    at += step
    const e = column<Kind>(at, rowStep)
    at += step
    const f = column<Kind>(at, rowStep)
    let next = to
    v128.store(next, done<Kind>(taken<Kind>(taken<Kind>(a, b), c), share))
    next += step
    if (stride === 1) {
      const middle = taken<Kind>(c, d)
      v128.store(next, done<Kind>(taken<Kind>(b, middle), share))
      next += step
      v128.store(next, done<Kind>(taken<Kind>(middle, e), share))
      next += step
      v128.store(next, done<Kind>(taken<Kind>(taken<Kind>(d, e), f), share))
    } else {
      at += step
      const g = column<Kind>(at, rowStep)
      at += step
      const h = column<Kind>(at, rowStep)
      at += step
      v128.store(next, done<Kind>(taken<Kind>(taken<Kind>(c, d), e), share))
      next += step
      v128.store(next, done<Kind>(taken<Kind>(taken<Kind>(e, f), g), share))
      next += step
      v128.store(next, done<Kind>(taken<Kind>(taken<Kind>(g, h), column<Kind>(at, rowStep)), share))
    }
    to += 16
  }
}

function column<Kind>(from: usize, rowStep: usize): v128 {
  const second = from + rowStep
  return taken<Kind>(taken<Kind>(v128.load(from), v128.load(second)), v128.load(second + rowStep))
}

/** A window, sixteen channels at a time, then four. */
function window<Kind>(from: usize, to: usize, step: usize, rowStep: usize, rows: i32, columns: i32): void {
  const share = f32x4.splat(1 / <f32>(rows * columns))
  const none = f32x4.splat(isInteger<Kind>() ? -Infinity : 0)
  let at: usize = 0
  for (; at + 64 <= step; at += 64) {
    let a = none
    let b = none
    let c = none
    let d = none
    for (let row = 0; row < rows; row++) {
      let pixel = from + at + <usize>row * rowStep
      for (let column = 0; column < columns; column++) {
        a = taken<Kind>(a, v128.load(pixel))
        b = taken<Kind>(b, v128.load(pixel, 16))
        c = taken<Kind>(c, v128.load(pixel, 32))
        d = taken<Kind>(d, v128.load(pixel, 48))
        pixel += step
      }
    }
    v128.store(to + at, done<Kind>(a, share))
    v128.store(to + at, done<Kind>(b, share), 16)
    v128.store(to + at, done<Kind>(c, share), 32)
    v128.store(to + at, done<Kind>(d, share), 48)
  }
  for (; at < step; at += 16) {
    const count = <i32>((step - at) >> 2)
    let a = none
    for (let row = 0; row < rows; row++) {
      let pixel = from + at + <usize>row * rowStep
      for (let column = 0; column < columns; column++) {
        a = taken<Kind>(a, loadSome(pixel, count))
        pixel += step
      }
    }
    storeSome(to + at, done<Kind>(a, share), count)
  }
}

function taken<Kind>(before: v128, value: v128): v128 {
  return isInteger<Kind>() ? f32x4.pmax(before, value) : f32x4.add(before, value)
}

function done<Kind>(all: v128, share: v128): v128 {
  return isInteger<Kind>() ? all : f32x4.mul(all, share)
}
