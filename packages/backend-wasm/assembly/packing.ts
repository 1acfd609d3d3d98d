import { loadSome } from './lanes'

/**
 * Copies a matrix `[depth, channels]` into panels `[channels / 8, depth, 8]`, the last one filled up with zeros: the order
 * in which tiles read it.
 *
 * @param row floats from one row of the matrix to the next: more than `channels` for those of a group
 */
export function packPanels(from: usize, to: usize, depth: i32, channels: i32, row: i32): void {
  const step = (<usize>row) << 2
  for (let channel = 0; channel < channels; channel += 8) {
    const count = channels - channel
    let source = from + ((<usize>channel) << 2)
    for (let k = 0; k < depth; k++) {
      v128.store(to, loadSome(source, count))
      v128.store(to, loadSome(source + 16, count - 4), 16)
      source += step
      to += 32
    }
  }
}
