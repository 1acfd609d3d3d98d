import '@tensorflow/tfjs-backend-cpu'
import { tensor3d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { toRgb } from './picture.ts'
import { pixelsOf } from './source.ts'
import { noise } from './testing/pictures.ts'
import { toPicture } from './to-picture.ts'

describe('toPicture', () => {
  it('gives RGB for any number of channels that a picture has', () => {
    const rgb = noise(5, 4)
    expect(toPicture(rgb).data).toBe(rgb.data)
    for (const channels of [1, 4] as const) {
      const picture = noise(5, 4, channels)
      expect(toPicture(picture)).toEqual(toRgb(picture))
    }
    const { data, ...size } = noise(5, 4, 4)
    expect(toPicture({ data, width: 5, height: 4 })).toEqual(toRgb({ data, ...size }))
  })

  it('rounds a tensor to bytes, and refuses one that is no picture', () => {
    const tensor = tensor3d([0, 99.6, 255], [1, 1, 3])
    expect([...toPicture(tensor).data]).toEqual([0, 100, 255])
    tensor.dispose()
    const pair = tensor3d([1, 2], [1, 1, 2], 'int32')
    expect(() => toPicture(pair)).toThrow('1, 3 or 4 channels, not 2')
    pair.dispose()
    const normalized = tensor3d([-2.1, 0.3, 1.9], [1, 1, 3])
    expect(() => toPicture(normalized)).toThrow('goes from -2.1 to 1.9')
    normalized.dispose()
    const broken = tensor3d([Number.NaN, 3, 4], [1, 1, 3])
    expect(() => toPicture(broken)).toThrow('holds NaN')
    broken.dispose()
  })
})

describe('pixelsOf', () => {
  it('reads properties that an object inherits, as those of ImageData are', () => {
    class Inherited {
      get data(): Uint8ClampedArray {
        return new Uint8ClampedArray(8)
      }
      get width(): number {
        return 2
      }
      get height(): number {
        return 1
      }
    }
    expect(pixelsOf(new Inherited())).toMatchObject({ width: 2, height: 1, channels: 4 })
  })
})
