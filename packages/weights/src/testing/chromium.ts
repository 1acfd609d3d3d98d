import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** A Chromium on this machine: `CHROMIUM_PATH`, one on the PATH, or Playwright's own. */
function executable(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [process.env.CHROMIUM_PATH ?? '', ...candidates, chromium.executablePath()].find(
    (path) => path && existsSync(path),
  )
}

/** Starts it without a window; undefined where there is none. */
export async function startChromium(): Promise<Browser | undefined> {
  const executablePath = executable()
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: ['--no-sandbox'] })
}
