// Run as a process of its own by lifecycle.test.ts, where things are missing.
import { webgpu } from '../index.ts'

process.stdout.write(String(await webgpu({ software: 'allow' }).probe()))
