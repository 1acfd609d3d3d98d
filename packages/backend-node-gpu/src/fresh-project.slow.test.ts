import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { fromPackage } from './install/binding/headers.ts'
import { install } from './install/install.ts'
import { silent } from './install/progress.ts'
import { uninstall } from './install/uninstall.ts'
import { temporaryFolder } from './testing/folder.ts'
import { whyNoTfjsNode } from './testing/tfjs-node.ts'

const why = await whyNoTfjsNode()
if (why) process.stdout.write(`Skipped: ${why}\n`)

it.skipIf(why)(
  'an empty project gets all of it, with no headers but those of node-api-headers, and is empty again after',
  async () => {
    const project = temporaryFolder()
    const manifest = path.join(project, 'package.json')
    writeFileSync(manifest, '{"name":"fresh","version":"1.0.0"}')
    const nodedir = await fromPackage(temporaryFolder())
    const receipt = await install({ project, cpu: true, nodedir, progress: silent })
    expect(receipt).toMatchObject({ form: 'cpu', addedBy: 'npm' })
    const script =
      "const tf = require('@tensorflow/tfjs-node'); process.stdout.write(tf.getBackend() + tf.add([1, 2], [3, 4]).dataSync())"
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: project })
    expect(stdout).toBe('tensorflow4,6')
    await uninstall({ project, progress: silent })
    expect(existsSync(path.join(project, 'node_modules/@tensorflow/tfjs-node'))).toBe(false)
    expect(JSON.parse(readFileSync(manifest, 'utf8')).dependencies ?? {}).toEqual({})
  },
)
