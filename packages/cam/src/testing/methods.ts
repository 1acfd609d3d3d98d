import { type AnyMethodOptions, type MapFunction, mapMethods } from '../index.ts'

/** Every method by name, those that run the network for each channel with 16 of them. */
export const methods: Readonly<Record<string, MapFunction>> = Object.fromEntries(
  Object.entries(mapMethods).map(([name, { map }]) => [name, inBrief(map)]),
)

/** A method that runs the network no oftener than a test needs, unless told otherwise. */
function inBrief(map: MapFunction<AnyMethodOptions>): MapFunction {
  const brief = (...[model, given, options]: Parameters<MapFunction>): Promise<unknown> =>
    map(model, given, { samples: 2, channels: 16, ...options })
  return brief as MapFunction
}
