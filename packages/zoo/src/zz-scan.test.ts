import '@tensorflow/tfjs-backend-cpu'
import { appendFileSync } from 'node:fs'
import { setBackend } from '@tensorflow/tfjs-core'
import { it } from 'vitest'
import { auxiliaryHeads, buildNetwork } from './build-network.ts'
import { architectureOf, modelNames } from './models.ts'

it('scan', async () => {
  await setBackend('cpu')
  for (const name of modelNames) {
    if (
      /152|101|201|169|161|large|bn|_075|_050|_140|_130|_025|_100|110|1202|56|44|32_cifar|100_cifar|vgg1[139]|resnet34|plain34|plain32|resnet18/.test(
        name,
      )
    )
      continue
    const a = await architectureOf(name)
    for (const flavor of a.flavors) {
      const auxiliary = auxiliaryHeads(a, flavor).length > 0
      const bad: string[] = []
      for (const s of [null, ...[1, 2, 3, 5, 7, 8, 12, 16, 21, 28, 35].map((n) => a.minimumSize + n), 224, 256, 299]) {
        try {
          const m = buildNetwork(a, { inputShape: [s, s, 3], auxiliary, classes: 2 }, { flavor, weightsFollow: true })
          m.dispose()
        } catch (e) {
          bad.push(`${s}: ${(e as Error).message.slice(0, 60)}`)
        }
      }
      appendFileSync('/tmp/scan/all.txt', `${name} ${flavor.name} ${auxiliary ? 'aux' : ''} ${bad.join('; ')}\n`)
    }
  }
}, 1900_000)
