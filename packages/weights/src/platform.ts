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
  url(source: UrlSource, task: Task): Location
  npm(source: NpmSource, task: Task): Promise<Location>
  /** The file that comes with a data package, verified. */
  asset(weights: WeightsPackage, task: Task): Promise<ByteFile>
  /** The exports of an installed package. */
  importPackage(name: string): Promise<object>
}
