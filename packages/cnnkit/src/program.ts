import { Command } from 'commander'
import { classifyCommand } from './commands/classify.ts'
import { doctorCommand } from './commands/doctor.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { explainCommand } from './commands/explain.ts'
import { modelsCommand } from './commands/models.ts'
import { summaryCommand } from './commands/summary.ts'
import { trainCommand } from './commands/train.ts'

/** The command line as a commander program. */
export function program(version: string): Command {
  const cnnkit = new Command('cnnkit')
    .description('The classic ImageNet CNNs: classify, train on your own pictures, see what a network looks at.')
    .version(version)
    .exitOverride()
    // So that an option after `models pull` is that command's, not that of `models`.
    .enablePositionalOptions()
    .showHelpAfterError('(cnnkit --help shows what there is)')
  for (const command of [
    classifyCommand,
    trainCommand,
    evaluateCommand,
    explainCommand,
    summaryCommand,
    modelsCommand,
    doctorCommand,
  ]) {
    cnnkit.addCommand(command)
  }
  return cnnkit
}
