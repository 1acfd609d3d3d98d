import { readFileSync, rmSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Runs something while no other process does the same for this folder, and waits until then. A lock whose process is gone is taken over.
 *
 * @param waiting told once where another process is at it
 */
export async function alone<T>(folder: string, waiting: () => void, use: () => Promise<T>): Promise<T> {
  const lock = path.join(folder, '.cnnkit-lock')
  await mkdir(folder, { recursive: true })
  for (let told = false; !(await taken(lock)); told = true) {
    if (isAbandoned(lock)) await rm(lock, { force: true })
    else if (!told) waiting()
    await wait(200)
  }
  const release = (): void => rmSync(lock, { force: true })
  process.once('exit', release)
  try {
    return await use()
  } finally {
    process.off('exit', release)
    release()
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isAbandoned(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    // Just made, and not written to yet.
    if (pid === 0) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
