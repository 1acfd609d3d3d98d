import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { expectTypeOf } from 'vitest'
import type { openWeights, WeightsInput, WeightsPackage } from './index.node.ts'

expectTypeOf(mobilenetV1025).toExtend<WeightsPackage>()
expectTypeOf(mobilenetV1025).toExtend<WeightsInput>()
expectTypeOf<readonly (string | WeightsPackage)[]>().toExtend<Parameters<typeof openWeights>[0]>()
// @ts-expect-error: an npm source needs the integrity of its tarball
const source: WeightsInput = { kind: 'npm', package: 'x', version: '1.0.0', path: 'model.json' }
void source
