import type { Augmentation } from '../augment/augmentation.ts'
import type { Random } from '../augment/random.ts'
import type { Picture } from '../picture.ts'
import type { Preprocessing } from '../preprocess/preprocessing.ts'
import { batchOf, writerOf } from '../preprocess/writer.ts'

/** Some pictures as plain memory. */
export interface Prepared {
  /** Of those that were read, one after the other. */
  readonly values: Float32Array
  /** What was thrown for the others, by their place. */
  readonly errors: ReadonlyMap<number, unknown>
}

/** One picture that is wanted. */
export interface Wanted {
  read(): Promise<Picture>
  /** The random numbers for its augmentation. */
  readonly stream: Random
}

/** How pictures become values. */
export interface HowToPrepare {
  readonly preprocessing: Preprocessing
  readonly augment?: Augmentation | undefined
  /** Lets so many pictures be read at a time. */
  readonly enter: <Result>(task: () => Promise<Result>) => Promise<Result>
}

/** A function that reads, augments and preprocesses pictures: the same on every thread. */
export function preparer({
  preprocessing,
  augment,
  enter,
}: HowToPrepare): (wanted: readonly Wanted[]) => Promise<Prepared> {
  const write = writerOf(preprocessing)
  return async (wanted) => {
    const values = batchOf(wanted.length, preprocessing)
    const errors = new Map<number, unknown>()
    const prepareOne = async ({ read, stream }: Wanted, place: number): Promise<void> => {
      try {
        const picture = await read()
        write(augment ? augment(picture, stream) : picture, values, place)
      } catch (error) {
        errors.set(place, error)
      }
    }
    await Promise.all(wanted.map((each, place) => enter(() => prepareOne(each, place))))
    return { values: errors.size === 0 ? values : packed(values, wanted.length, errors), errors }
  }
}

/** The values without the places of pictures that were not read. */
function packed(values: Float32Array, count: number, errors: ReadonlyMap<number, unknown>): Float32Array {
  const length = values.length / count
  let end = 0
  for (let place = 0; place < count; place++) {
    if (errors.has(place)) continue
    values.copyWithin(end, place * length, (place + 1) * length)
    end += length
  }
  return values.slice(0, end)
}
