import { type Cost, costOf } from '@cnnkit/layers'
import { listModels, loadModel, type ModelName, modelInfo } from '@cnnkit/zoo'
import type { Command } from 'commander'
import { type ComputeOptions, print, subcommand } from '../command.ts'
import { defaultModel } from '../open-model.ts'
import { startBackend } from '../start-backend.ts'
import { bytes, grouped, table } from '../terminal/words.ts'

/** `cnnkit summary resnet50` */
export const summaryCommand: Command = subcommand('summary', 'a network layer by layer: shapes, parameters, cost', [
  'summary resnet50',
  'summary ./flowers/model',
  'summary mobilenet_v1_100 --json',
])
  .argument('[model]', 'a model of the zoo, or the folder of a saved one', defaultModel)
  .action(async (name: string, { json, threads, backend }: ComputeOptions & { json?: boolean }) => {
    await startBackend(threads, backend)
    const cost = await costOfNamed(name)
    print(json, { model: name, ...cost }, `${layerTable(cost)}\n\n${totals(cost)}`)
  })

async function costOfNamed(name: string): Promise<Cost> {
  if ((listModels() as readonly string[]).includes(name)) return (await modelInfo(name as ModelName)).cost
  const model = await loadModel(name)
  const cost = costOf(model)
  model.dispose()
  return cost
}

function layerTable(cost: Cost): string {
  const header = ['layer', 'kind', 'output', 'parameters', 'multiply-accumulates', 'sees']
  const rows = cost.layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.outputShape.join(' x '),
    grouped(layer.parameters),
    grouped(layer.multiplyAccumulates),
    layer.receptiveField ? `${layer.receptiveField.size} px` : 'all',
  ])
  return table([header, ...rows])
}

function totals(cost: Cost): string {
  return [
    `${grouped(cost.parameters)} parameters, ${grouped(cost.trainableParameters)} of them trainable`,
    `${grouped(cost.multiplyAccumulates)} multiply-accumulates a picture`,
    `${bytes(cost.activationBytes)} of activations a picture, if all are kept as in training`,
  ].join('\n')
}
