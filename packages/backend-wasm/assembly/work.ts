import {
  adamKind,
  addUpKind,
  affineKind,
  averagePoolGradientKind,
  averagePoolKind,
  copyKind,
  depthwiseFilterGradientKind,
  depthwiseInputGradientKind,
  depthwiseKind,
  directKind,
  filterGradientKind,
  kindAt,
  maxPoolGradientKind,
  maxPoolKind,
  momentsKind,
  normSumsKind,
  patchSumsKind,
  rangeMaskKind,
  rmsPropKind,
  rowProductKind,
  sgdKind,
  sumKind,
  winogradFilterGradientKind,
  winogradKind,
} from '../src/engine/job-fields'
import { affine } from './affine'
import { copy } from './copies'
import { depthwise } from './depthwise'
import { depthwiseFilterGradient } from './depthwise-filter-gradient'
import { depthwiseInputGradient } from './depthwise-input-gradient'
import { direct } from './direct'
import { filterGradient } from './filter-gradient'
import { winogradFilterGradient } from './filter-gradient-winograd'
import { field } from './job'
import { moments } from './moments'
import { normSums } from './norm-sums'
import { patchSums } from './patch-sums'
import { poolGradient } from './pool-gradients'
import { averagePool, maxPool } from './pools'
import { rangeMask } from './range-mask'
import { addUp, rowProduct } from './row-product'
import { sums } from './sums'
import { adam, rmsProp, sgd } from './updates'
import { winograd } from './winograd'

/** One unit of a job, by its kind. */
export function work(job: usize, unit: i32, thread: i32): void {
  const kind = field(job, kindAt)
  if (kind === directKind) direct(job, unit, thread)
  else if (kind === winogradKind) winograd(job, unit, thread)
  else if (kind === depthwiseKind) depthwise(job, unit)
  else if (kind === affineKind) affine(job, unit)
  else if (kind === rangeMaskKind) rangeMask(job, unit)
  else if (kind === momentsKind) moments(job, unit)
  else if (kind === normSumsKind) normSums(job, unit)
  else if (kind === filterGradientKind) filterGradient(job, unit, thread)
  else if (kind === winogradFilterGradientKind) winogradFilterGradient(job, unit, thread)
  else if (kind === patchSumsKind) patchSums(job, unit)
  else if (kind === depthwiseFilterGradientKind) depthwiseFilterGradient(job, unit, thread)
  else if (kind === depthwiseInputGradientKind) depthwiseInputGradient(job, unit)
  else if (kind === maxPoolGradientKind) poolGradient(job, unit, true)
  else if (kind === averagePoolGradientKind) poolGradient(job, unit, false)
  else if (kind === sgdKind) sgd(job, unit)
  else if (kind === adamKind) adam(job, unit)
  else if (kind === rmsPropKind) rmsProp(job, unit)
  else if (kind === maxPoolKind) maxPool(job, unit)
  else if (kind === averagePoolKind) averagePool(job, unit)
  else if (kind === sumKind) sums(job, unit)
  else if (kind === copyKind) copy(job, unit)
  else if (kind === rowProductKind) rowProduct(job, unit)
  else if (kind === addUpKind) addUp(job, unit)
}
