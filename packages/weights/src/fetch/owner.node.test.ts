import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { temporaryFolder } from '../testing/model.ts'
import { isAbandoned, me, nameOf, type Owned, parseName } from './owner.node.ts'

const owned = (owner: string): Owned => ({ what: 'a.tgz', owner, random: '0123abcd', kind: 'part' })
const withPid = (pid: number | undefined): Owned => owned(me().replace(/\d+$/, String(pid)))

it('reads back the names that it makes, and no others', () => {
  const name = nameOf({ what: 'model.json', owner: me(), kind: 'saving' })
  expect(parseName(name)).toMatchObject({ what: 'model.json', owner: me(), kind: 'saving' })
  expect(parseName('group1-shard1of1.bin')).toBeUndefined()
})

it('takes what was put down, or has not changed for a day, and leaves alone what another works on', async () => {
  const path = join(await temporaryFolder(), 'file')
  await writeFile(path, '')
  expect(await isAbandoned(owned('free'), path)).toBe(true)
  expect(await isAbandoned(owned(me()), path)).toBe(false)
  expect(await isAbandoned(withPid(process.ppid), path)).toBe(false)
  expect(await isAbandoned(owned('another-machine-1'), path)).toBe(false)
  const yesterday = new Date(Date.now() - 25 * 3600_000)
  await utimes(path, yesterday, yesterday)
  expect(await isAbandoned(owned('another-machine-1'), path)).toBe(true)
})

it('knows a process that is dead though its parent has not buried it', async (context) => {
  if (!existsSync('/proc/self/stat')) context.skip('only Linux tells')
  const path = join(await temporaryFolder(), 'file')
  await writeFile(path, '')
  // The shell becomes `sleep`, which never waits for its child.
  const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))))
  await vi.waitFor(async () => expect(await isAbandoned(withPid(pid), path)).toBe(true))
  expect(() => process.kill(pid, 0)).not.toThrow()
  parent.kill()
})
