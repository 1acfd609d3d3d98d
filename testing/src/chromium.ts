import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The Chromium of this machine: `CHROMIUM_PATH`, one on the PATH, or Playwright's own. Where there is none, it prints that browser tests are skipped. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  const candidates = [process.env.CHROMIUM_PATH ?? '', ...onPath, chromium.executablePath()]
  const found = candidates.find((file) => file !== '' && existsSync(file))
  if (found === undefined) {
    process.stderr.write('Browser tests are skipped: no Chromium on the PATH. Install one, or set CHROMIUM_PATH.\n')
  }
  return found
}

/**
 * Starts Chromium without a window; undefined where there is none.
 *
 * @param args further flags, such as {@link softwareWebgpu}
 */
export async function startChromium(args: readonly string[] = []): Promise<Browser | undefined> {
  const executablePath = findChromium()
  if (executablePath === undefined) return undefined
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] })
}

/** Flags that give pages WebGPU on the CPU, by SwiftShader: the same on every machine. */
export const softwareWebgpu: readonly string[] = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
