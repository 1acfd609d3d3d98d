import { CnnkitError } from '@cnnkit/errors'
import type { PictureDataset } from '@cnnkit/images'
import type { Feed } from '../training/feed.ts'
import type { Feeds } from '../training/feeds.ts'
import type { FitOptions } from '../training/fit.ts'

/**
 * Makes feeds, and puts the pictures' numbers into each batch where pictures have numbers in place of a class.
 *
 * @param make from the pictures to train on, and those held out as an option
 * @throws `NO_CLASSES` where options that need classes are given for such pictures
 */
export async function targetFeedsOf(
  data: PictureDataset,
  { validation, mix, classWeights }: Pick<FitOptions, 'validation' | 'mix' | 'classWeights'>,
  make: (data: PictureDataset, held: { readonly validation?: PictureDataset }) => Promise<Feeds>,
): Promise<Feeds> {
  if (!data.target) return make(data, {})
  if (mix || classWeights) {
    throw new CnnkitError(
      'transfer',
      'NO_CLASSES',
      `The pictures have tags or quantities, so \`${mix ? 'mix' : 'classWeights'}\`, which needs classes, cannot be used.`,
    )
  }
  const feeds = await make(placesAsLabels(data), validation ? { validation: placesAsLabels(validation) } : {})
  return {
    train: withTargets(feeds.train, data),
    validation: feeds.validation && validation && withTargets(feeds.validation, validation),
    close: (complete) => feeds.close(complete),
  }
}

/** The same for one feed. */
export function targetFeed(data: PictureDataset, make: (data: PictureDataset) => Feed): Feed {
  return data.target ? withTargets(make(placesAsLabels(data)), data) : make(data)
}

/** The data set with the place of each picture as its label: a feed then says which pictures it gave. */
function placesAsLabels(dataset: PictureDataset): PictureDataset {
  // Not spread: a data set may be an object of a class.
  return Object.create(dataset, { label: { value: (index: number) => index } }) as PictureDataset
}

function withTargets(feed: Feed, dataset: PictureDataset): Feed {
  return async function* (pass) {
    for await (const batch of feed(pass)) {
      const targets = Float32Array.from([...batch.labels].flatMap((place) => [...(dataset.target?.(place) ?? [])]))
      yield { ...batch, labels: new Int32Array(batch.labels.length), targets }
    }
  }
}
