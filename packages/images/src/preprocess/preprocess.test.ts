import '@tensorflow/tfjs-backend-cpu'
import { memory, tensor3d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { crop, type Picture, toGrey, toRgb } from '../picture.ts'
import { readImage } from '../read/read.node.ts'
import { resize } from '../resize/resize.ts'
import type { ImageSource } from '../source.ts'
import { golden, HOW_TO_UPDATE, largestDifference, pictureOf, type StoredPicture } from '../testing/golden.ts'
import { FLOWERS, noise, plain, sha256 } from '../testing/pictures.ts'
import { cropBox } from './geometry.ts'
import { preprocess } from './preprocess.ts'
import { caffe, type Preprocessing, raw, tf, torch } from './preprocessing.ts'

interface Photo {
  readonly file: string
  readonly crops224: Readonly<Record<'bilinear' | 'bicubic', string>>
  readonly crop32: StoredPicture
  readonly normalized: Readonly<Record<'caffe' | 'tf' | 'torch', readonly number[]>>
}

const photo = golden<Photo>('photo')
const imagenet: Preprocessing = {
  size: [224, 224],
  resize: 'short-side',
  cropFraction: 0.875,
  filter: 'bilinear',
  ...raw,
}
const small: Preprocessing = { ...imagenet, size: [32, 32] }
const whole: Preprocessing = { ...small, size: [8, 10], resize: 'stretch', cropFraction: 1 }

function valuesOf(image: ImageSource | readonly ImageSource[], preprocessing: Preprocessing): Float32Array {
  const tensor = preprocess(image, preprocessing)
  const values = tensor.dataSync<'float32'>()
  tensor.dispose()
  return values
}

describe('preprocess', () => {
  it.each(['bilinear', 'bicubic'] as const)('equals PIL on a photograph, bit for bit: 256, 224, %s', async (filter) => {
    const values = valuesOf(await readImage(FLOWERS + photo.file), { ...imagenet, filter })
    expect(sha256(Uint8Array.from(values)), HOW_TO_UPDATE).toBe(photo.crops224[filter])
  })

  it.each(Object.entries({ caffe, tf, torch }))('normalises as Keras does in mode %s', async (mode, normalization) => {
    const picture = await readImage(FLOWERS + photo.file)
    const bytes = valuesOf(picture, small)
    expect(largestDifference(bytes, pictureOf(photo.crop32).data), HOW_TO_UPDATE).toBe(0)
    const values = valuesOf(picture, { ...small, ...normalization })
    const middle = [14, 15, 16, 17].flatMap((y) => [...values.subarray((y * 32 + 14) * 3, (y * 32 + 18) * 3)])
    const expected = photo.normalized[mode as 'caffe' | 'tf' | 'torch']
    expect(largestDifference(middle, expected), HOW_TO_UPDATE).toBeLessThan(1e-4)
  })

  it('gives one tensor for a batch and leaves no other behind', () => {
    const pictures = [noise(40, 30), noise(30, 44, 4), noise(33, 33, 1)]
    const before = memory().numTensors
    const tensor = preprocess(pictures, small)
    expect(memory().numTensors).toBe(before + 1)
    expect(tensor.shape).toEqual([3, 32, 32, 3])
    expect(tensor.dtype).toBe('float32')
    const values = tensor.dataSync<'float32'>()
    for (const [index, picture] of pictures.entries()) {
      expect(values.slice(index * 3072, (index + 1) * 3072)).toEqual(valuesOf(picture, small))
    }
    tensor.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('takes tensors, which stay the caller\u2019s, and RGBA pixels without a count of channels', () => {
    const picture = noise(20, 16)
    const expected = valuesOf(picture, small)
    const tensor = tensor3d(Float32Array.from(picture.data), [16, 20, 3])
    expect(valuesOf(tensor, small)).toEqual(expected)
    expect(tensor.isDisposed).toBe(false)
    tensor.dispose()
    const rgba = new Uint8ClampedArray(20 * 16 * 4).fill(255)
    for (let i = 0; i < 320; i++) rgba.set(picture.data.subarray(i * 3, i * 3 + 3), i * 4)
    expect(valuesOf({ data: rgba, width: 20, height: 16 }, small)).toEqual(expected)
  })

  it('turns the order of the channels round for BGR', () => {
    const values = valuesOf(plain(8, 8, [1, 2, 3]), {
      ...whole,
      channelOrder: 'bgr',
      mean: [0, 10, 20],
      std: [1, 1, 2],
    })
    expect([...values.subarray(0, 3)]).toEqual([3, -8, -9.5])
  })

  it('repeats grey for a network of colour, and takes luma for a network of grey', () => {
    const grey = noise(12, 9, 1)
    const colored: Picture = toRgb(grey)
    expect(valuesOf(grey, { ...whole, ...torch })).toEqual(valuesOf(colored, { ...whole, ...torch }))
    const mono: Preprocessing = { ...whole, mean: [100], std: [2] }
    const rgb = noise(12, 9)
    expect(valuesOf(rgb, mono)).toEqual(valuesOf(toGrey(rgb), mono))
    expect(valuesOf(plain(10, 8, [104]), mono)).toEqual(new Float32Array(80).fill(2))
  })

  it('hands other numbers of channels through from tensors', () => {
    const five = tensor3d(
      Int32Array.from({ length: 8 * 10 * 5 }, (_, i) => i % 250),
      [8, 10, 5],
      'int32',
    )
    const cards = { ...whole, mean: [0, 0, 0, 0, 100], std: [1, 1, 1, 1, 1] }
    const values = valuesOf(five, cards)
    expect([...values.subarray(0, 6)]).toEqual([0, 1, 2, 3, -96, 5])
    five.dispose()
    expect(() => preprocess(noise(4, 4), cards)).toThrow('has 3 channels and the network takes 5')
  })

  it('stretches without a crop, and takes pictures smaller than the network\u2019s input', () => {
    const picture = noise(30, 12)
    const stretched = resize(picture, { width: 10, height: 8, filter: 'bilinear' })
    expect(Uint8Array.from(valuesOf(picture, whole))).toEqual(Uint8Array.from(stretched.data))
    expect(valuesOf(noise(1, 1), small)).toHaveLength(3072)
  })

  it('refuses what is no picture, and says what to hand in', () => {
    expect(() => preprocess([], small)).toThrow('at least one picture')
    expect(() => preprocess('cat.jpg' as never, small)).toThrow('Not a picture: the text "cat.jpg". Hand in a picture')
    expect(() => preprocess({} as never, small)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_SOURCE' }))
    expect(() => preprocess({ data: [1, 2, 3, 4], width: 1, height: 1 } as never, small)).toThrow(
      'Not a picture: Object',
    )
    expect(() => preprocess({ width: 2, height: 2 } as never, small)).toThrow('There is no canvas here')
    const unit = tensor3d([0.5, 0.2, 0.1], [1, 1, 3])
    expect(() => preprocess(unit, small)).toThrow('holds values from 0 to 255; this one goes from 0.1 to 0.5')
    unit.dispose()
  })

  it('refuses a preprocessing that makes no sense', () => {
    const wrong = (change: Partial<Preprocessing>) => () => preprocess(noise(4, 4), { ...small, ...change })
    expect(wrong({ size: [0, 8] })).toThrow('[height, width] in whole pixels, not [0, 8]')
    expect(wrong({ cropFraction: 1.2 })).toThrow('cropFraction is 1.2')
    expect(wrong({ std: [1] })).toThrow('mean has 3 entries and std 1')
    expect(wrong({ std: [1, 0, 1] })).toThrow('std not zero')
    expect(wrong({ mean: [0], std: [1], channelOrder: 'bgr' })).toThrow('needs three channels')
  })
})

describe('cropBox', () => {
  it('is the centre of the picture, in its own pixels', () => {
    expect(cropBox(512, 256, imagenet)).toEqual([144, 16, 368, 240])
    expect(cropBox(100, 50, whole)).toEqual([0, 0, 100, 50])
    const [left, top, right, bottom] = cropBox(300, 400, imagenet)
    expect([left, right].map(Math.round)).toEqual([19, 281])
    expect(bottom - top).toBeCloseTo((224 * 400) / 341, 6)
    // torchvision rounds the corner of the crop, 58.5, to the even 58
    expect(top).toBeCloseTo((58 * 400) / 341, 6)
  })

  it('gives the pixels that preprocess gives, where the crop falls on whole pixels', () => {
    const picture = noise(64, 48)
    const preprocessing: Preprocessing = { ...imagenet, size: [24, 24], cropFraction: 0.5 }
    const box = cropBox(64, 48, preprocessing)
    expect(Uint8Array.from(valuesOf(picture, preprocessing))).toEqual(new Uint8Array(crop(picture, box).data))
  })

  it('reads a crop fraction that came from two whole sizes as these', () => {
    const preprocessing: Preprocessing = { ...imagenet, size: [299, 299], cropFraction: 299 / 342 }
    const [left, , right] = cropBox(342, 342, preprocessing)
    expect(right - left).toBe(299)
  })
})
