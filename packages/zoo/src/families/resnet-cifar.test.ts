import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { wasm } from '@cnnkit/backend-wasm'
import { cardOf, costOf, stages } from '@cnnkit/layers'
import { memory, type Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { createModel } from '../create-model.ts'
import type { ModelName } from '../models.ts'
import { built } from '../testing/built.ts'
import { picture } from '../testing/formula.ts'

const golden = JSON.parse(
  readFileSync(new URL('../golden/resnet-cifar-checkpoints.json', import.meta.url), 'utf8'),
) as { source: string; logits: Record<string, readonly number[]> }

const shared = (file: string): string =>
  fileURLToPath(new URL(`../../../../../shared/data/weights/resnet-cifar10-torch/${file}`, import.meta.url))

beforeAll(() => wasm().start())

describe('networks for 32 x 32 pictures', () => {
  // akamaster's table, in millions (the paper's table 6 has the same): what training changes.
  it.each([
    [20, '0.27'],
    [32, '0.46'],
    [44, '0.66'],
    [56, '0.85'],
    [110, '1.7'],
  ] as const)('ResNet-%i has its published parameters, and the plain network as many', async (depth, millions) => {
    const [residual, plain] = [await built(`resnet${depth}_cifar`), await built(`plain${depth}_cifar`)]
    const digits = millions.split('.')[1]!.length
    expect((costOf(residual).trainableParameters / 1e6).toFixed(digits)).toBe(millions)
    expect(plain.countParams()).toBe(residual.countParams())
    const counted = residual.layers.filter((layer) => /^(Conv2D|Dense)$/.test(layer.getClassName()))
    expect(counted.length).toBe(depth)
    for (const each of [residual, plain]) each.dispose()
  })

  it.each(['resnet56_cifar', 'plain56_cifar'] as const)('%s has the grids of section 4.2', async (name) => {
    const model = await built(name)
    const grids = stages(model).filter((stage) => stage.name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stem: [32, 32, 16, 1],
      stage1: [32, 32, 16, 1],
      stage2: [16, 16, 32, 2],
      stage3: [8, 8, 64, 4],
    })
    expect(model.outputShape).toEqual([null, 10])
    model.dispose()
  })

  it('has no weights in its shortcuts, which take every other pixel and put zeros around the channels', async () => {
    const model = await built('resnet20_cifar')
    const shortcuts = model.layers.filter(({ name }) => name.includes('.shortcut'))
    expect(shortcuts.map(({ name, outputShape }) => [name, outputShape])).toEqual([
      ['stage2.block1.shortcut.subsample', [null, 16, 16, 16]],
      ['stage2.block1.shortcut.widen', [null, 16, 16, 32]],
      ['stage3.block1.shortcut.subsample', [null, 8, 8, 32]],
      ['stage3.block1.shortcut.widen', [null, 8, 8, 64]],
    ])
    expect(shortcuts.flatMap(({ weights }) => weights)).toEqual([])
    model.dispose()
  })

  it.for(Object.entries(golden.logits))(
    'gives with the genuine %s what PyTorch gives, to 1e-4',
    async ([file, logits], context) => {
      if (!existsSync(shared(file))) context.skip('no ../shared/data beside the repository')
      const before = memory().numTensors
      const name = `${file.split('-')[0]}_cifar` as ModelName
      const model = await createModel(name, { weights: shared(file), activation: 'linear' })
      const x = picture([32, 32, 3])
      const y = model.predict(x) as Tensor
      const worst = Math.max(...y.dataSync().map((value, i) => Math.abs(value - logits[i]!)))
      expect(worst / Math.max(...logits.map(Math.abs))).toBeLessThan(1e-4)
      expect(cardOf(model).preprocessing.size).toEqual([32, 32])
      for (const each of [model, x, y]) each.dispose()
      expect(memory().numTensors).toBe(before)
    },
  )

  it.each([
    [{ includeTop: false }, [null, 8, 8, 64]],
    [{ includeTop: false, pooling: 'avg' }, [null, 64]],
    [{ classes: 100 }, [null, 100]],
    [{ inputShape: [28, 28, 1] }, [null, 10]],
    [{ inputShape: [33, 35, 3], includeTop: false }, [null, 9, 9, 64]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 64]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    const model = await built('resnet20_cifar', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })
})
