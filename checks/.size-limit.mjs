import limits from './size-limits.json' with { type: 'json' }

/** What is imported when it is needed counts for nothing until then: an import costs what it brings at once. */
const lazyApart = {
  name: 'lazy-apart',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : null))
  },
}

export default limits.map((limit) => ({
  ...limit,
  modifyEsbuildConfig: (config) => ({ ...config, plugins: [...(config.plugins ?? []), lazyApart] }),
}))
