/** Prints the tests that did not run, each with the reason it gives. */
export default class SkippedReporter {
  /** @param {ReadonlyArray<import('vitest/node').TestModule>} modules */
  onTestRunEnd(modules) {
    const lines = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => {
        const { note } = test.result()
        return `  ${module.relativeModuleId}: ${test.fullName}${note ? ` (${note})` : ''}`
      }),
    )
    if (lines.length > 0) process.stdout.write(`\nSkipped:\n${lines.join('\n')}\n`)
  }
}
