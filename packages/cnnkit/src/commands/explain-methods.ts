import { type MapMethodName, mapMethods } from '@cnnkit/cam'
import { UsageError } from '../command.ts'

/** The methods by the names they are called by, quick ones first. */
export const methodNames: readonly MapMethodName[] = Object.keys(mapMethods) as MapMethodName[]

/** A method's name as it was typed: `LayerCAM`, `layercam` and `layer-cam` are one. */
export function methodName(text: string): MapMethodName {
  const bare = (name: string): string => name.toLowerCase().replace(/[^a-z+]/g, '')
  const name = methodNames.find((known) => bare(known) === bare(text))
  if (name) return name
  throw new UsageError(`No method "${text}". There are: ${methodNames.join(', ')}.`)
}
