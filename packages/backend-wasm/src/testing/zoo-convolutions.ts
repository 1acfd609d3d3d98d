import { zooShapes } from './zoo-shapes.ts'

/** A convolution of one of the zoo's networks, with its channels as they are and a small grid. */
export interface ZooConvolution {
  readonly line: string
  readonly depthwise: boolean
  /** `[height, width, channels]`, at most 9 pixels each way. */
  readonly input: [number, number, number]
  readonly filter: [number, number, number, number]
  readonly strides: [number, number]
  readonly pad: 'same' | 'valid'
  readonly dilations: [number, number]
}

/** Every convolution of the zoo's networks. Kernels look at the grid no further than at what is odd, inside or outside. */
export const zooConvolutions: readonly ZooConvolution[] = zooShapes.flatMap((line) => {
  const [kind, input = '', filter = '', strides = '', pad = '', dilations = ''] = line.split(' ')
  if (kind === 'dense') return []
  const [height, width, channels] = numbers(input) as [number, number, number]
  const sides = numbers(filter) as [number, number, number, number]
  return [
    {
      line,
      depthwise: kind === 'depthwise',
      input: [side(height, sides[0]), side(width, sides[1]), channels],
      filter: sides,
      strides: numbers(strides) as [number, number],
      pad: pad as 'same' | 'valid',
      dilations: numbers(dilations) as [number, number],
    },
  ]
})

/** Every dense layer of the zoo's networks, as inputs and units. */
export const zooDenseLayers: readonly (readonly [number, number])[] = zooShapes.flatMap((line) => {
  const [kind, depth, units] = line.split(' ')
  return kind === 'dense' ? [[Number(depth), Number(units)] as const] : []
})

function numbers(text: string): number[] {
  return text.split('x').map(Number)
}

function side(length: number, filter: number): number {
  return Math.max(filter, Math.min(length, 9))
}
