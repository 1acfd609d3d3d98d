import type { WebglOptions } from './options.ts'

/** What draws, as the browser names it. */
export interface Renderer {
  /** The GPU, or what stands in for it. */
  readonly device: string
  /** What the browser reaches it through, if it says so. */
  readonly driver?: string
  /** Whether the CPU does the work. */
  readonly software: boolean
}

/** Renderers on the CPU, by what they call themselves. */
const software = /swiftshader|llvmpipe|softpipe|software|basic render|mesa offscreen/i

const remedy =
  'See chrome://gpu (or about:support) for the reason: hardware acceleration may be off, or the driver on the list of those that fail.'

/** A context of WebGL 2 of its own canvas, or why there is none, in a sentence that says what to do. */
export function openContext(options: WebglOptions): WebGL2RenderingContext | string {
  if (typeof OffscreenCanvas === 'undefined' && typeof document === 'undefined') {
    return 'Only browsers have WebGL. In Node take webgpu() of @cnnkit/backend-webgpu for a GPU, or wasm().'
  }
  const gl = contextOf(newCanvas(), options)
  if (gl === null) return `This browser gives no context of WebGL 2. ${remedy}`
  const renderer = rendererOf(gl)
  if (options.software === 'allow' || !renderer.software) return gl
  closeContext(gl)
  return `WebGL is drawn by the CPU here (${renderer.device}), where wasm() is many times faster. ${remedy} To run on it all the same, say webgl({ software: 'allow' }).`
}

/** Gives a context back at once: browsers have few. */
export function closeContext(gl: WebGL2RenderingContext): void {
  gl.getExtension('WEBGL_lose_context')?.loseContext()
}

// Safari's canvases without a document lack what TensorFlow.js waits for the GPU by.
function newCanvas(): HTMLCanvasElement | OffscreenCanvas {
  return typeof document === 'undefined' ? new OffscreenCanvas(1, 1) : document.createElement('canvas')
}

function contextOf(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  { powerPreference = 'high-performance' }: WebglOptions,
): WebGL2RenderingContext | null {
  const attributes = { alpha: false, antialias: false, depth: false, stencil: false, powerPreference }
  return canvas.getContext('webgl2', attributes) as WebGL2RenderingContext | null
}

/** What draws. Firefox names it without being asked for more; the others by an extension. */
export function rendererOf(gl: WebGL2RenderingContext): Renderer {
  const extension = gl.getExtension('WEBGL_debug_renderer_info')
  const name = String(gl.getParameter(extension?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER))
  return { ...partsOf(name), software: software.test(name) }
}

/** `ANGLE (Intel, Mesa Intel(R) UHD Graphics, OpenGL 4.6)` by its parts; any other name as it is. */
function partsOf(name: string): Pick<Renderer, 'device' | 'driver'> {
  const [, , device, driver] = /^ANGLE \(([^,]*), (.*), ([^,]*)\)$/.exec(name) ?? []
  return device === undefined || driver === undefined ? { device: name } : { device, driver }
}
