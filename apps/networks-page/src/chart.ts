import { networkBubblesSvg } from '@cnnkit/report'
import type { NetworkRow } from './rows.ts'

/**
 * Accuracy on ImageNet against operations, with parameters as area: each network in the form of its best known classic
 * weights, those of the table.
 */
export function networksChart(rows: readonly NetworkRow[]): Promise<string> {
  const known = rows.filter(({ weights }) => weights?.classes === 1000 && weights.accuracy)
  const firsts = known.filter(({ info }, i) => known.findIndex((row) => row.info.name === info.name) === i)
  return networkBubblesSvg(
    firsts.map(({ info, weights }) => ({
      name: info.name,
      family: familyOf(info.name),
      accuracy: weights!.accuracy!.top1 / 100,
      multiplyAccumulates: info.multiplyAccumulates,
      parameters: info.parameters,
    })),
    { width: 1000 },
  )
}

/** `vgg` of `vgg16_bn`, `resnet` of `resnet50_v2`. */
const familyOf = (name: string): string => /^[a-z]+/.exec(name)![0]
