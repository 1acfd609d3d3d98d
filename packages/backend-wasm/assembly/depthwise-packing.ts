/** Copies a filter `[taps, channels]` into `[channels / 4, taps, 4]`; the last quad are the last four channels. */
export function packDepthwise(from: usize, to: usize, taps: i32, channels: i32): void {
  const step = (<usize>channels) << 2
  for (let channel = 0; channel < channels; channel += 4) {
    let source = from + ((<usize>min(channel, channels - 4)) << 2)
    for (let tap = 0; tap < taps; tap++) {
      v128.store(to, v128.load(source))
      source += step
      to += 16
    }
  }
}
