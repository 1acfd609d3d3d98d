// torchvision's ColorJitter (transforms/transforms.py): a factor for each, applied in random order.
import type { Picture } from '../picture.ts'
import type { Augmentation } from './augmentation.ts'
import { adjustBrightness, adjustContrast, adjustSaturation } from './color.ts'
import { described } from './description.ts'
import { adjustHue } from './hue.ts'
import { checkOption } from './options.ts'
import type { Random } from './random.ts'

/** How far {@link colorJitter} goes; what is left out or 0 stays as it is. */
export interface ColorJitterOptions {
  /** The factor is drawn from `[max(0, 1 - brightness), 1 + brightness]`. */
  readonly brightness?: number
  /** As `brightness`. */
  readonly contrast?: number
  /** As `brightness`. */
  readonly saturation?: number
  /** The shift is drawn from `[-hue, hue]` of the circle; at most 0.5. */
  readonly hue?: number
}

type Change = readonly [adjust: (picture: Picture, amount: number) => Picture, draw: (random: Random) => number]

/** Changes brightness, contrast, saturation and hue by random amounts in random order. Throws `INVALID_AUGMENTATION`. */
export function colorJitter(options: ColorJitterOptions): Augmentation {
  for (const [name, value] of Object.entries(options)) {
    const most = name === 'hue' ? 0.5 : Number.POSITIVE_INFINITY
    checkOption(value >= 0 && value <= most, `colorJitter takes ${name} from 0 to ${most}, not ${value}.`)
  }
  const { brightness = 0, contrast = 0, saturation = 0, hue = 0 } = options
  const changes: Change[] = []
  if (brightness > 0) changes.push([adjustBrightness, around(brightness)])
  if (contrast > 0) changes.push([adjustContrast, around(contrast)])
  if (saturation > 0) changes.push([adjustSaturation, around(saturation)])
  if (hue > 0) changes.push([adjustHue, (random) => random.uniform(-hue, hue)])
  const apply = (picture: Picture, random: Random): Picture =>
    random.shuffle(changes).reduce((changed, [adjust, draw]) => adjust(changed, draw(random)), picture)
  return described(apply, { name: 'colorJitter', args: [{ ...options }] })
}

function around(spread: number): (random: Random) => number {
  return (random) => random.uniform(Math.max(0, 1 - spread), 1 + spread)
}
