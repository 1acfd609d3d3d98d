import { join } from 'node:path'
import { isCnnkitError } from '@cnnkit/errors'
import { imageFolder, readImage, split } from '@cnnkit/images'
import { evaluate } from '@cnnkit/transfer'
import { classify } from '@cnnkit/zoo'
import { duration, interruptSignal, openModel, percent, startBackend, table } from 'cnnkit'
import { type Arguments, readArguments } from './arguments.ts'
import { classifyInNewProcess } from './new-process.ts'
import { comparison, exampleOf, type Result, stepsTable, writeReport } from './results.ts'
import { teach } from './teach.ts'
import { folderOf, ways } from './ways.ts'

const args = readArguments(process.argv.slice(2))

try {
  await demonstrate(args)
} catch (error) {
  if (!isCnnkitError(error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.code === 'ABORTED' ? 130 : 1
}

async function demonstrate(args: Arguments): Promise<void> {
  const started = performance.now()
  const signal = interruptSignal()
  const { report: machine } = await startBackend(args.threads)
  const dataset = await imageFolder(args.data, { cacheBytes: 2 ** 28 })
  const photo = join(args.data, dataset.id(0))

  const published = await openModel(args.model, { signal })
  const example = await exampleOf(published, photo)
  say(`${args.model} as it was published, on ${photo}:\n`)
  say(table([['probability', 'class'], ...example.top.map(({ label, probability }) => [percent(probability), label])]))
  published.dispose()

  const pictures = split(dataset, { holdOut: 0.2, seed: 1 })
  const { train, validation } = pictures
  say(`\n${train.size} pictures of ${dataset.classes.join(', ')} to learn from, ${validation.size} held out.\n`)
  const results: Result[] = []
  for (const way of ways.filter(({ name }) => args.ways.includes(name))) {
    const taught = await teach(way, pictures, args, signal)
    results.push({ way, taught, evaluation: await evaluate(taught.model, validation) })
  }
  say(`\n${comparison(results)}\n\n${stepsTable(results, pictures)}\n`)

  const first = results[0]!
  const saved = join(folderOf(args.out, first.way), 'model')
  await sameInNewProcess(first, saved, join(args.data, validation.id(0)))
  say(`The page with curves, mistakes and maps: ${await writeReport(results, { args, machine, pictures, example })}`)
  say(`Done in ${duration((performance.now() - started) / 1000)}.`)
}

/** What was saved is what was taught: another program gives the same numbers. */
async function sameInNewProcess({ taught }: Result, saved: string, photo: string): Promise<void> {
  const here = await classify(taught.model, await readImage(photo))
  const there = await classifyInNewProcess(saved, photo, args.threads)
  const same = here.every(
    ({ name, probability }, i) => name === there[i]!.name && probability === there[i]!.probability,
  )
  const top = `${there[0]!.name} with ${percent(there[0]!.probability)}`
  say(`A new process loaded ${saved} and says of ${photo}: ${top}${same ? ', the same numbers as here' : ''}.`)
  if (!same) throw new Error(`The saved model gives other numbers: ${JSON.stringify({ here, there })}`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
