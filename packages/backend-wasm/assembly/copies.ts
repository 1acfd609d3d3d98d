import {
  blockRowsAt,
  fromImageAt,
  fromPixelAt,
  fromRowAt,
  inChannelsAt,
  inHeightAt,
  inputAt,
  inWidthAt,
  outputAt,
  rowsAt,
  toImageAt,
  toPixelAt,
  toRowAt,
} from '../src/engine/job-fields'
import { address, field } from './job'
import { copyWords } from './lanes'

/** Above so many bytes the engine's own copy of memory is faster than a loop, as a call of it takes as long as sixteen loads. */
const longRun: usize = 512

/** One unit of a copy between two layouts: a block of rows. Moves words as bits, whatever their type. */
export function copy(job: usize, unit: i32): void {
  const height = field(job, inHeightAt)
  const width = field(job, inWidthAt)
  const words = field(job, inChannelsAt)
  const bytes = (<usize>words) << 2
  const fromStep = address(job, fromPixelAt)
  const toStep = address(job, toPixelAt)
  const first = unit * field(job, blockRowsAt)
  const last = min(field(job, rowsAt), first + field(job, blockRowsAt))
  for (let i = first; i < last; i++) {
    const image = i / height
    const row = <usize>(i - image * height)
    let from = address(job, inputAt) + <usize>image * address(job, fromImageAt) + row * address(job, fromRowAt)
    let to = address(job, outputAt) + <usize>image * address(job, toImageAt) + row * address(job, toRowAt)
    for (let x = 0; x < width; x++) {
      if (bytes > longRun) memory.copy(to, from, bytes)
      else copyWords(from, to, words)
      from += fromStep
      to += toStep
    }
  }
}
