import { listModels, modelInfo } from '@cnnkit/zoo'
import type { Command } from 'commander'
import { type ComputeOptions, print, subcommand } from '../command.ts'
import { startBackend } from '../start-backend.ts'
import { grouped, table } from '../terminal/words.ts'
import { cachedCommand, pullCommand, removeCommand } from './models-cache.ts'

/** `cnnkit models` */
export const modelsCommand: Command = subcommand('models', 'the networks of the zoo and their weights', [
  'models',
  'models --json',
  'models pull resnet50',
])
  .enablePositionalOptions()
  .addCommand(pullCommand)
  .addCommand(cachedCommand)
  .addCommand(removeCommand)
  .action(async ({ json, threads, backend }: ComputeOptions & { json?: boolean }) => {
    await startBackend(threads, backend)
    const infos = []
    for (const name of listModels()) infos.push(await modelInfo(name))
    const rows = infos.map(({ name, inputSize, cost, weights }) => [
      name,
      `${inputSize}`,
      grouped(cost.parameters),
      (cost.multiplyAccumulates / 1e9).toFixed(2),
      weights.map(({ tag }) => tag).join(', ') || '(from a file of yours)',
    ])
    const header = ['model', 'input', 'parameters', 'GMAC', 'weights']
    print(
      json,
      infos.map(({ cost: { layers: _, ...cost }, ...info }) => ({ ...info, ...cost })),
      table([header, ...rows]),
    )
  })
