import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Step } from '../graph.ts'
import type { Border } from '../layers/border.ts'
import { affineOf, sliced } from './affine.ts'
import {
  activationOf,
  isIdentity,
  type Kind,
  kindOf,
  takesActivation,
  takesNorm,
  type Unit,
  type Value,
} from './unit.ts'

/** A part of a network: what goes in, what is done in an order in which it can run, what comes out. */
export interface Section {
  readonly inputs: readonly SymbolicTensor[]
  readonly steps: readonly Step[]
  readonly outputs: readonly SymbolicTensor[]
}

/** The fused form before it is built. */
export interface Plan {
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  /** All there are, those of no use included. */
  readonly values: readonly Value[]
}

/** Decides what is fused with what; no weight is read. */
export function planOf(section: Section, plain: boolean): Plan {
  const planner = new Planner(section, plain)
  for (const step of section.steps) planner.place(step)
  return planner.plan()
}

/** Goes through the steps in order; each joins what is there already or stands by itself. */
class Planner {
  private readonly values: Value[] = []
  private readonly units: Unit[] = []
  /** By tensor of the network: where its value is. */
  private readonly current = new Map<number, Value>()
  private readonly uses = new Map<number, number>()
  private readonly applied = new Map<layers.Layer, number>()
  private readonly inputs: readonly Value[]

  constructor(
    private readonly section: Section,
    private readonly plain: boolean,
  ) {
    const count = ({ id }: SymbolicTensor): unknown => this.uses.set(id, (this.uses.get(id) ?? 0) + 1)
    for (const { inputs, layer } of section.steps) {
      inputs.forEach(count)
      this.applied.set(layer, (this.applied.get(layer) ?? 0) + 1)
    }
    section.outputs.forEach(count)
    this.inputs = section.inputs.map((symbol) => this.value(symbol, undefined))
  }

  plan(): Plan {
    const outputs = this.section.outputs.map(({ id }) => this.current.get(id)!)
    return { inputs: this.inputs, outputs, values: this.values }
  }

  place(step: Step): void {
    const { layer } = step
    if (this.applied.get(layer)! > 1) this.add(step, 'other')
    else if (!this.plain && isIdentity(layer)) this.alias(step)
    else if (!(this.norm(step) || (!this.plain && (this.activate(step) || this.addition(step))))) this.stand(step)
  }

  /** A norm goes into what is before it: a convolution, or all that a concatenation takes. */
  private norm(step: Step): boolean {
    const { shape, dtype } = step.inputs[0]!
    const channels = shape.at(-1)
    const affine = channels == null ? undefined : affineOf(step.layer, channels, shape.length)
    if (!affine || dtype !== 'float32') return false
    const makers = this.takers(step, takesNorm)
    if (!makers) {
      this.add(step, 'affine', affine)
      return true
    }
    let from = 0
    for (const { after, outputs } of makers) {
      const width = outputs[0]!.symbol.shape.at(-1)!
      after.push(makers.length === 1 ? affine : sliced(affine, from, width))
      from += width
    }
    this.joinTakers(step, makers)
    return true
  }

  private activate(step: Step): boolean {
    const className = step.layer.getClassName()
    const activation = className === 'ReLU' || className === 'Activation' ? activationOf(step.layer) : undefined
    if (activation === undefined) return false
    const makers = this.takers(step, takesActivation)
    if (!makers) return false
    for (const unit of makers) unit.activation = activation
    this.joinTakers(step, makers)
    return true
  }

  /** A sum of two goes into the convolution that makes one of them, the later one where both are. */
  private addition(step: Step): boolean {
    if (step.layer.getClassName() !== 'Add' || step.inputs.length !== 2) return false
    const [a, b] = step.inputs.map(({ id }) => this.current.get(id)!) as [Value, Value]
    if (String(a.symbol.shape) !== String(b.symbol.shape) || a === b) return false
    const ready = [a, b].filter(({ maker, uses }) => uses === 1 && maker?.kind === 'conv' && takesNorm(maker))
    const last = ready.sort((p, q) => this.units.indexOf(q.maker!) - this.units.indexOf(p.maker!))[0]
    if (!last) return false
    last.maker!.residual = last === a ? b : a
    this.join(step, last)
    return true
  }

  /** The unit whose result the step alone takes, or those behind a concatenation that it alone takes; if all will do. */
  private takers(step: Step, will: (unit: Unit) => boolean): readonly Unit[] | undefined {
    const before = this.current.get(step.inputs[0]!.id)!
    const parts = before.maker?.kind === 'concat' && before.uses === 1 ? before.maker.inputs : [before]
    return parts.every(({ maker, uses }) => maker && uses === 1 && will(maker))
      ? parts.map(({ maker }) => maker!)
      : undefined
  }

  private joinTakers(step: Step, makers: readonly Unit[]): void {
    for (const { outputs } of makers) outputs[0]!.holds.clear()
    this.join(step, this.current.get(step.inputs[0]!.id)!)
  }

  /** A value is from now on what the step makes of it. */
  private join(step: Step, value: Value): void {
    value.holds.clear()
    value.uses = 0
    this.holds(value, step.outputs[0]!.id)
  }

  private alias(step: Step): void {
    const value = this.current.get(step.inputs[0]!.id)!
    value.uses--
    this.holds(value, step.outputs[0]!.id)
  }

  private stand(step: Step): void {
    const kind = kindOf(step.layer)
    const unit = this.add(step, kind)
    const before = unit.inputs[0]
    if (!before?.maker || before.uses !== 1 || !['conv', 'depthwise', 'dense'].includes(kind)) return
    const { maker } = before
    if (maker.kind === 'affine' && maker.activation === 'linear' && addsNoBorder(unit)) unit.before.push(maker.affine!)
    else if (!this.plain && maker.kind === 'pad' && kind !== 'dense' && isValid(unit)) {
      unit.border = (maker.layer.getConfig() as unknown as { padding: Border }).padding
    } else return
    before.holds.clear()
    unit.inputs = maker.inputs
  }

  private add(step: Step, kind: Kind, affine?: Unit['affine']): Unit {
    const outputs: Value[] = []
    const unit: Unit = {
      layer: step.layer,
      kind,
      inputs: step.inputs.map(({ id }) => this.current.get(id)!),
      outputs,
      before: [],
      after: [],
      affine,
      border: null,
      residual: undefined,
      activation: (kind !== 'other' && activationOf(step.layer)) || 'linear',
    }
    for (const symbol of step.outputs) outputs.push(this.value(symbol, unit))
    this.units.push(unit)
    return unit
  }

  private value(symbol: SymbolicTensor, maker: Unit | undefined): Value {
    const value: Value = { maker, symbol, uses: 0, holds: new Set() }
    this.values.push(value)
    this.holds(value, symbol.id)
    return value
  }

  private holds(value: Value, id: number): void {
    value.holds.add(id)
    value.uses += this.uses.get(id) ?? 0
    this.current.set(id, value)
  }
}

interface Window {
  readonly padding: 'same' | 'valid'
  readonly kernelSize: readonly number[]
}

const isValid = ({ layer }: Unit): boolean => (layer.getConfig() as unknown as Window).padding === 'valid'

/** Whether each value that a layer sees comes from the grid: the zeros of a border have no norm. */
function addsNoBorder(unit: Unit): boolean {
  if (unit.kind === 'dense') return unit.inputs[0]!.symbol.shape.length === 2
  const { kernelSize } = unit.layer.getConfig() as unknown as Window
  return isValid(unit) || kernelSize.every((side) => side === 1)
}
