export type { LostContext, WebglOptions } from './options.ts'
export { webgl } from './webgl.ts'
