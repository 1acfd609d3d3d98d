import { type ComparedMethod, mapMethods } from '@cnnkit/cam'

/** The baseline that every method must beat. */
export const BASELINE = 'random'

/** Every method; those that run the network for each channel take as many as are asked for. */
export function methodsOf(channels: number | undefined): Readonly<Record<string, ComparedMethod>> {
  const some = channels === undefined ? {} : { channels }
  return Object.fromEntries(
    Object.entries(mapMethods).map(([name, { map }]): [string, ComparedMethod] => [
      name,
      (model, image, options) => map(model, image, { ...options, ...some }),
    ]),
  )
}

/** Their names, in the order of the table. */
export const methodNames: readonly string[] = Object.keys(mapMethods)
