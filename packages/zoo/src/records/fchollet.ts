import type { WeightsRecord } from '../architecture.ts'

/** A record of Keras Applications with the place its file was first published, where it still lies: a release of fchollet/deep-learning-models. */
export function firstPublishedIn(release: `v0.${number}`, record: WeightsRecord): WeightsRecord {
  const sources = record.sources.map((source) => {
    if (source.kind !== 'url') return source
    const file = source.url.split('/').at(-1)
    const url = `https://github.com/fchollet/deep-learning-models/releases/download/${release}/${file}`
    return { ...source, url, cors: false }
  })
  return { ...record, sources: [...record.sources, ...sources] }
}
