import { type CpuTimes, cpuTimes } from './machine.ts'

/** Watches how much of the machine other programs take while contenders work: what makes a measurement doubtful. */
export class OtherWork {
  private busy = 0
  private total = 0

  /** Awaits a turn of a contender; the processor time it took itself is known from the result. */
  async during<T extends { readonly cpuMilliseconds: number }>(turn: Promise<T>): Promise<T> {
    const before: CpuTimes = cpuTimes()
    const result = await turn
    const after = cpuTimes()
    const busy = after.busy - before.busy
    this.busy += Math.max(0, busy - result.cpuMilliseconds)
    this.total += busy + after.idle - before.idle
    return result
  }

  /** Of all cores' time during the turns so far, the share that went to others, 0 to 1. */
  get share(): number {
    return this.total === 0 ? 0 : this.busy / this.total
  }
}
