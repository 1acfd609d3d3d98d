import { fileURLToPath } from 'node:url'
import { startChromium } from '@cnnkit/testing/chromium'
import { servePage } from '@cnnkit/testing/page'
import type { Cases } from './page.ts'

type Answer<Name extends keyof Cases> = Promise<Awaited<ReturnType<Cases[Name]>>>

/** Headless Chromium that draws WebGL by the CPU, so that results are the same on every machine. */
export interface TestBrowser {
  /** Runs a case in a page of its own. */
  run<Name extends keyof Cases>(name: Name, ...given: Parameters<Cases[Name]>): Answer<Name>
  /** What the page loads. */
  readonly script: string
  close(): Promise<void>
}

const softwareWebgl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']

/** Undefined where there is no Chromium. */
export async function openBrowser(): Promise<TestBrowser | undefined> {
  const browser = await startChromium(softwareWebgl)
  if (browser === undefined) return undefined
  const { script, open, close } = await servePage(fileURLToPath(new URL('./page.ts', import.meta.url)))
  return {
    run: async <Name extends keyof Cases>(name: Name, ...given: Parameters<Cases[Name]>): Answer<Name> => {
      const asked = new URLSearchParams({ case: name, given: JSON.stringify(given) })
      const { value, error } = (await open(browser, `${asked}`)) as { value?: unknown; error?: string }
      if (error !== undefined) throw new Error(error)
      return value as Awaited<Answer<Name>>
    },
    script,
    close: async () => {
      await browser.close()
      close()
    },
  }
}
