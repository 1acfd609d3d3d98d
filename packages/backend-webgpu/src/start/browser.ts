import type { Platform } from './platform.ts'

/** Browsers and their workers. */
export const browser: Platform = {
  gpu: async () => (navigator as { gpu?: GPU }).gpu ?? whyNot(),
  remedy:
    'See chrome://gpu (or about:support) for the reason: hardware acceleration may be off, or the driver on the list of those that fail.',
  runtime: () => /(?:Chrome|Firefox|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? 'browser',
  syncReads: typeof OffscreenCanvas === 'function',
  hold: () => undefined,
  withNavigator: (_, make) => make(),
}

function whyNot(): string {
  if (globalThis.isSecureContext === false) {
    return 'Browsers give WebGPU to secure pages only: serve this one over https, or from localhost.'
  }
  return 'This browser has no WebGPU: Chrome and Edge have it from 113 on, Safari from 26, Firefox from 141 (Windows) and 145 (macOS).'
}
