// One pass for a step of an optimizer over a weight: see @cnnkit/kernels for the formulas.

import {
  blockRowsAt,
  inputAt,
  otherAt,
  otherStateAt,
  otherStateToAt,
  outputAt,
  rowsAt,
  stateAt,
  stateToAt,
  valuesAt,
} from '../src/engine/job-fields'
import { fma } from './fma'
import { address, field, splat } from './job'
import { loadSome, storeSome } from './lanes'

/** Bytes from the start of the weight to a unit, and of the unit. */
function offsetOf(job: usize, unit: i32): usize {
  return (<usize>(unit * field(job, blockRowsAt))) << 2
}

function sizeOf(job: usize, unit: i32): i32 {
  return min(field(job, blockRowsAt), field(job, rowsAt) - unit * field(job, blockRowsAt))
}

/** The gradient with the decay that is coupled to it. */
function coupledGradient(job: usize, at: usize, weight: v128, count: i32): v128 {
  return fma(splat(job, valuesAt), weight, loadSome(address(job, otherAt) + at, count))
}

/** Values: coupled, kept, pull, momentum, gain, whether by Nesterov. */
export function sgd(job: usize, unit: i32): void {
  const kept = splat(job, valuesAt + 1)
  const pull = f32x4.neg(splat(job, valuesAt + 2))
  const momentum = splat(job, valuesAt + 3)
  const gain = splat(job, valuesAt + 4)
  const nesterov = load<f32>(job + ((<usize>(valuesAt + 5)) << 2)) !== 0
  const weights = address(job, inputAt)
  const state = address(job, stateAt)
  const to = address(job, outputAt)
  const stateTo = address(job, stateToAt)
  let at = offsetOf(job, unit)
  for (let left = sizeOf(job, unit); left > 0; left -= 4) {
    const weight = loadSome(weights + at, left)
    const moved = f32x4.mul(gain, coupledGradient(job, at, weight, left))
    const velocity = fma(momentum, loadSome(state + at, left), moved)
    const led = nesterov ? fma(momentum, velocity, moved) : velocity
    storeSome(stateTo + at, velocity, left)
    storeSome(to + at, fma(pull, led, f32x4.mul(kept, weight)), left)
    at += 16
  }
}

/** Values: coupled, kept, pull, beta1, 1 - beta1, beta2, 1 - beta2, epsilon. */
export function adam(job: usize, unit: i32): void {
  const kept = splat(job, valuesAt + 1)
  const pull = splat(job, valuesAt + 2)
  const beta1 = splat(job, valuesAt + 3)
  const rest1 = splat(job, valuesAt + 4)
  const beta2 = splat(job, valuesAt + 5)
  const rest2 = splat(job, valuesAt + 6)
  const epsilon = splat(job, valuesAt + 7)
  const weights = address(job, inputAt)
  const state = address(job, stateAt)
  const otherState = address(job, otherStateAt)
  const to = address(job, outputAt)
  const stateTo = address(job, stateToAt)
  const otherStateTo = address(job, otherStateToAt)
  let at = offsetOf(job, unit)
  for (let left = sizeOf(job, unit); left > 0; left -= 4) {
    const weight = loadSome(weights + at, left)
    const gradient = coupledGradient(job, at, weight, left)
    const mean = fma(beta1, loadSome(state + at, left), f32x4.mul(rest1, gradient))
    const square = fma(beta2, loadSome(otherState + at, left), f32x4.mul(rest2, f32x4.mul(gradient, gradient)))
    storeSome(stateTo + at, mean, left)
    storeSome(otherStateTo + at, square, left)
    const led = f32x4.div(mean, f32x4.add(f32x4.sqrt(square), epsilon))
    storeSome(to + at, f32x4.sub(f32x4.mul(kept, weight), f32x4.mul(pull, led)), left)
    at += 16
  }
}

/** Values: coupled, kept, pull, rho, 1 - rho, epsilon, momentum, gain. A negative epsilon stands inside the root. */
export function rmsProp(job: usize, unit: i32): void {
  const kept = splat(job, valuesAt + 1)
  const pull = f32x4.neg(splat(job, valuesAt + 2))
  const rho = splat(job, valuesAt + 3)
  const rest = splat(job, valuesAt + 4)
  const zero = f32x4.splat(0)
  const outside = f32x4.max(zero, splat(job, valuesAt + 5))
  const inside = f32x4.max(zero, f32x4.neg(splat(job, valuesAt + 5)))
  const momentum = splat(job, valuesAt + 6)
  const gain = splat(job, valuesAt + 7)
  const weights = address(job, inputAt)
  const state = address(job, stateAt)
  const velocities = address(job, otherStateAt)
  const to = address(job, outputAt)
  const stateTo = address(job, stateToAt)
  const velocityTo = address(job, otherStateToAt)
  let at = offsetOf(job, unit)
  for (let left = sizeOf(job, unit); left > 0; left -= 4) {
    const weight = loadSome(weights + at, left)
    const gradient = coupledGradient(job, at, weight, left)
    const square = fma(rho, loadSome(state + at, left), f32x4.mul(rest, f32x4.mul(gradient, gradient)))
    storeSome(stateTo + at, square, left)
    const root = f32x4.add(f32x4.sqrt(f32x4.add(square, inside)), outside)
    let led = f32x4.div(f32x4.mul(gain, gradient), root)
    if (velocities !== 0) {
      led = fma(momentum, loadSome(velocities + at, left), led)
      storeSome(velocityTo + at, led, left)
    }
    storeSome(to + at, fma(pull, led, f32x4.mul(kept, weight)), left)
    at += 16
  }
}
