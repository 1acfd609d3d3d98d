import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Chromium without a window: `CHROMIUM_PATH`, one on the PATH, or Playwright's own; undefined where there is none. */
export async function startChromium(): Promise<Browser | undefined> {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  const candidates = [process.env.CHROMIUM_PATH ?? '', ...onPath, chromium.executablePath()]
  const executablePath = candidates.find((file) => file !== '' && existsSync(file))
  return executablePath === undefined ? undefined : chromium.launch({ executablePath, args: ['--no-sandbox'] })
}
