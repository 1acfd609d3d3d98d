import '@tensorflow/tfjs-backend-cpu'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { modelInfo } from './model-info.ts'
import type { ModelName } from './models.ts'

beforeAll(() => setBackend('cpu'))

describe('modelInfo', () => {
  it('says what a network costs and which weights there are, and leaves nothing behind', async () => {
    const before = memory().numTensors
    const info = await modelInfo('mobilenet_v2_100')
    expect(memory().numTensors).toBe(before)
    expect(info).toMatchObject({
      name: 'mobilenet_v2_100',
      flavor: 'keras',
      flavors: ['keras', 'torchvision'],
      inputSize: 224,
      parameters: 3538984,
      multiplyAccumulates: 300774272,
      depth: 105,
      paper: 'https://arxiv.org/abs/1801.04381',
    })
    expect(info.cost.layers.length).toBeGreaterThan(100)
    expect(info.weights.map(({ tag, inputSize }) => [tag, inputSize])).toEqual([
      ['keras-in1k', 224],
      ['keras-in1k-192', 192],
      ['keras-in1k-160', 160],
      ['keras-in1k-128', 128],
      ['keras-in1k-96', 96],
      ['torchvision-in1k', 224],
      ['torchvision-in1k-v2', 224],
      ['timm.ra_in1k', 224],
    ])
    expect(info.weights[0]).toEqual({
      tag: 'keras-in1k',
      flavor: 'keras',
      publisher: 'Keras Applications (mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5)',
      licence: 'Apache-2.0',
      classes: 1000,
      inputSize: 224,
      bytes: 4 * 3538984,
      accuracy: { top1: 71.336, top5: 90.142, source: 'keras-applications README' },
    })
  })

  it('gives the numbers of another form', async () => {
    const keras = await modelInfo('resnet50')
    const torchvision = await modelInfo('resnet50', { flavor: 'torchvision' })
    expect(keras.parameters).toBe(25636712)
    // 25,557,032 and the moving statistics of 26,560 channels.
    expect(torchvision.parameters).toBe(25557032 + 2 * 26560)
    expect(torchvision.multiplyAccumulates / 1e9).toBeCloseTo(4.089, 3)
    await expect(modelInfo('resnet50', { flavor: 'torch' })).rejects.toMatchObject({ code: 'UNKNOWN_FLAVOR' })
  })

  // keras.io/api/applications, columns "Depth" and "Size (MB)": the file's, which is the values and up to 4 MB of names.
  it.each([
    ['xception', 81, 88],
    ['vgg16', 16, 528],
    ['vgg19', 19, 549],
    ['resnet50', 107, 98],
    ['resnet101', 209, 171],
    ['resnet152', 311, 232],
    ['resnet50_v2', 103, 98],
    ['resnet101_v2', 205, 171],
    ['resnet152_v2', 307, 232],
    ['inception_v3', 189, 92],
    ['inception_resnet_v2', 449, 215],
    ['mobilenet_v1_100', 55, 16],
    ['mobilenet_v2_100', 105, 14],
    ['densenet121', 242, 33],
    ['densenet169', 338, 57],
    ['densenet201', 402, 80],
    ['nasnet_mobile', 389, 23],
    ['nasnet_large', 533, 343],
  ] as const)(
    "counts the depth of %s as Keras' documentation does, %i, and its size",
    async (name, depth, megabytes) => {
      const info = await modelInfo(name as ModelName, { flavor: 'keras' })
      expect(info.depth).toBe(depth)
      const names = megabytes - (4 * info.parameters) / 2 ** 20
      expect(names).toBeGreaterThan(-1)
      expect(names).toBeLessThan(4)
    },
  )
})
