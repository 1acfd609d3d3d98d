import { describeDiagnosis, doctor } from '@cnnkit/backend'
import { type Command, Option } from 'commander'
import { lightCommand, print } from '../command.ts'
import { backendNames, driverNamed } from '../drivers.ts'

/** `cnnkit doctor` */
export const doctorCommand: Command = lightCommand(
  'doctor',
  'look over this machine and project: packages, drivers, backends, and what to do',
  ['doctor', 'doctor --no-start    # ask the backends only', 'doctor --json > doctor.json'],
)
  .addOption(new Option('--no-start', 'start no backend'))
  .action(async ({ json, start }: { json?: boolean; start: boolean }) => {
    const drivers = await Promise.all(backendNames.map((name) => driverNamed(name)))
    const diagnosis = await doctor({ drivers, start })
    print(json, diagnosis, describeDiagnosis(diagnosis))
    if (diagnosis.findings.some(({ severity }) => severity === 'fault')) process.exitCode = 1
  })
