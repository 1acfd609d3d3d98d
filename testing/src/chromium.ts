import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/**
 * Chromium without a window: `CHROMIUM_PATH`, one on the PATH, or Playwright's own; undefined where there is none.
 *
 * @param args further flags, such as {@link softwareWebgpu}
 */
export async function startChromium(args: readonly string[] = []): Promise<Browser | undefined> {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  const candidates = [process.env.CHROMIUM_PATH ?? '', ...onPath, chromium.executablePath()]
  const executablePath = candidates.find((file) => file !== '' && existsSync(file))
  if (executablePath === undefined) return undefined
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] })
}

/** Flags that give pages WebGPU on the CPU, by SwiftShader: the same on every machine. */
export const softwareWebgpu: readonly string[] = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
