import { depthwiseKind, kindAt, winogradKind } from '../src/engine/job-fields'
import { depthwise } from './depthwise'
import { direct } from './direct'
import { field } from './job'
import { winograd } from './winograd'

/** One unit of a job, by its kind. */
export function work(job: usize, unit: i32, thread: i32): void {
  const kind = field(job, kindAt)
  if (kind === winogradKind) winograd(job, unit, thread)
  else if (kind === depthwiseKind) depthwise(job, unit)
  else direct(job, unit, thread)
}
