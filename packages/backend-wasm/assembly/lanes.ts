/** The first `count` of four floats, zeros after them: nothing beyond them is read, as the heap may end there. */
export function loadSome(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from)
  let value = f32x4.splat(0)
  if (count > 0) value = v128.load32_lane(from, value, 0)
  if (count > 1) value = v128.load32_lane(from + 4, value, 1)
  if (count > 2) value = v128.load32_lane(from + 8, value, 2)
  return value
}

/** Stores the first `count` of four floats. */
export function storeSome(to: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, value)
    return
  }
  if (count > 0) v128.store32_lane(to, value, 0)
  if (count > 1) v128.store32_lane(to + 4, value, 1)
  if (count > 2) v128.store32_lane(to + 8, value, 2)
}

/** Copies words as bits, whatever their type, and gives the address behind them. */
export function copyWords(from: usize, to: usize, count: i32): usize {
  const end = to + ((<usize>count) << 2)
  while (to + 16 <= end) {
    v128.store(to, v128.load(from))
    from += 16
    to += 16
  }
  while (to < end) {
    store<u32>(to, load<u32>(from))
    from += 4
    to += 4
  }
  return end
}
