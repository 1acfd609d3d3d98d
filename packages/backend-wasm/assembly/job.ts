/** A number of a job (see src/engine/job-fields.ts). */
export function field(job: usize, at: i32): i32 {
  return load<i32>(job + ((<usize>at) << 2))
}

/** An address of a job. */
export function address(job: usize, at: i32): usize {
  return <usize>load<u32>(job + ((<usize>at) << 2))
}

/** A float of a job, four times. */
export function splat(job: usize, at: i32): v128 {
  return v128.load32_splat(job + ((<usize>at) << 2))
}
