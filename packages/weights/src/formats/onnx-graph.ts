// Graphs of ONNX: https://github.com/onnx/onnx/blob/v1.19.0/onnx/onnx.proto (ModelProto, GraphProto, NodeProto)
import { badFile, weightsError } from '../error.ts'
import { type OnnxTensor, readTensor } from './onnx-tensor.ts'
import type { Messages, Span } from './protobuf.ts'

/** A node of an ONNX graph, without its attributes. */
export interface OnnxNode {
  /** `Conv`, `BatchNormalization`, ... */
  readonly op: string
  /** Often empty. */
  readonly name: string
  /** Names of the values it takes; empty where it does without. */
  readonly inputs: readonly string[]
  /** Names of the values it makes. */
  readonly outputs: readonly string[]
}

/** What an ONNX file has in it. */
export interface OnnxModel {
  /** `ir_version`, `opset` by domain, `producer_name`, ... */
  readonly about: Readonly<Record<string, unknown>>
  readonly nodes: readonly OnnxNode[]
  /** Initialisers, then what `Constant` nodes hold, each in the file's order. */
  readonly tensors: readonly OnnxTensor[]
}

/** Reads the structure of a model; subgraphs (of `If` and `Loop`) are not looked into. */
export async function readModel(messages: Messages): Promise<OnnxModel> {
  const about: Record<string, unknown> = {}
  const opset: Record<string, number> = {}
  let graph: Span | undefined
  await messages.eachField({ position: 0, length: messages.file.size }, async ({ number, value, span }) => {
    if (number === 7) {
      if (graph !== undefined) throw badFile(messages.source, 'has two graphs')
      graph = span
    } else if (number === 8) Object.assign(opset, await readOpset(messages, span))
    else if (number === 1) about.ir_version = value
    else if (number === 5) about.model_version = value
    else if (texts[number] !== undefined) about[texts[number]] = await messages.text(span)
  })
  if (graph === undefined) throw badFile(messages.source, 'has no graph in it')
  return { about: { ...about, opset }, ...(await readGraph(messages, graph)) }
}

const texts: Readonly<Record<number, string>> = { 2: 'producer_name', 3: 'producer_version', 4: 'domain' }

async function readOpset(messages: Messages, span: Span): Promise<Record<string, number>> {
  let domain = ''
  let version = 0
  await messages.eachField(span, async ({ number, value, span: place }) => {
    if (number === 1) domain = await messages.text(place)
    else if (number === 2) version = value
  })
  return { [domain || 'ai.onnx']: version }
}

async function readGraph(messages: Messages, span: Span): Promise<Pick<OnnxModel, 'nodes' | 'tensors'>> {
  const nodes: OnnxNode[] = []
  const initialisers: OnnxTensor[] = []
  const constants: OnnxTensor[] = []
  await messages.eachField(span, async ({ number, wire, span: place }) => {
    if (wire !== 2) return
    if (number === 1) {
      const { node, values } = await readNode(messages, place)
      nodes.push(node)
      const [output] = node.outputs
      if (node.op !== 'Constant' || values === undefined || output === undefined) return
      const constant = await readTensor(messages, values, output)
      if (constant !== undefined) constants.push(constant)
    } else if (number === 5) {
      const tensor = await readTensor(messages, place)
      if (tensor !== undefined) initialisers.push(tensor)
    } else if (number === 15) {
      throw weightsError('UNSUPPORTED', `${messages.source} has sparse weights, which are not read. Save them dense.`)
    }
  })
  return { nodes, tensors: [...initialisers, ...constants] }
}

interface NodeParts {
  readonly node: OnnxNode
  /** Of a `Constant`: its tensor. */
  readonly values: Span | undefined
}

async function readNode(messages: Messages, span: Span): Promise<NodeParts> {
  const inputs: string[] = []
  const outputs: string[] = []
  let name = ''
  let op = ''
  let values: Span | undefined
  await messages.eachField(span, async ({ number, wire, span: place }) => {
    if (wire !== 2) return
    if (number === 1) inputs.push(await messages.text(place))
    else if (number === 2) outputs.push(await messages.text(place))
    else if (number === 3) name = await messages.text(place)
    else if (number === 4) op = await messages.text(place)
    else if (number === 5) values ??= await tensorIn(messages, place)
  })
  return { node: { op, name, inputs, outputs }, values }
}

/** The tensor of an attribute `value`. */
async function tensorIn(messages: Messages, span: Span): Promise<Span | undefined> {
  let name = ''
  let tensor: Span | undefined
  await messages.eachField(span, async ({ number, wire, span: place }) => {
    if (number === 1 && wire === 2) name = await messages.text(place)
    else if (number === 5 && wire === 2) tensor = place
  })
  return name === 'value' ? tensor : undefined
}
