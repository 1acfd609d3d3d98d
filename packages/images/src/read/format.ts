/** Formats told by their first bytes; those that nothing here decodes serve for better messages. */
export type Format = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'AVIF' | 'TIFF' | 'BMP' | 'HEIC' | 'SVG' | 'PDF'

const SIGNATURES: readonly (readonly [Format, RegExp])[] = [
  ['JPEG', /^\xff\xd8\xff/],
  ['PNG', /^\x89PNG\r\n/],
  ['WebP', /^RIFF[\s\S]{4}WEBP/],
  ['GIF', /^GIF8[79]a/],
  ['AVIF', /^[\s\S]{4}ftypavi[fs]/],
  ['HEIC', /^[\s\S]{4}ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)/],
  ['TIFF', /^(?:II[*+]\0|MM\0[*+])/],
  ['BMP', /^BM[\s\S]{4}\0{4}/],
  ['PDF', /^%PDF-/],
  ['SVG', /^[^<]{0,8}<(?:\?xml[\s\S]*<)?(?:!--[\s\S]*<)?svg\b/],
]

const HEAD = 512

/** The format of a file, or undefined where its first bytes are none that is known. */
export function formatOf(bytes: Uint8Array): Format | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, HEAD))
  return SIGNATURES.find(([, signature]) => signature.test(head))?.[0]
}

/** Whether a JPEG, PNG or WebP ends before its data does: browsers show such files in part, and say nothing. */
export function isCutShort(bytes: Uint8Array, format: Format | undefined): boolean {
  if (format === 'JPEG') return !hasJpegEnd(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (format === 'WebP') return view.getUint32(4, true) + 8 > bytes.length
  return format === 'PNG' && !hasPngEnd(view)
}

/** Walks from marker to marker: the thumbnail in the header has an end of its own. */
function hasJpegEnd(bytes: Uint8Array): boolean {
  let at = 2
  while (at + 3 < bytes.length || bytes[at + 1] === 0xd9) {
    const marker = bytes[at + 1]!
    if (bytes[at] === 0xff && marker === 0xd9) return true
    const standsAlone = marker === 0xff || marker === 1 || (marker >= 0xd0 && marker <= 0xd7)
    const isStray = bytes[at] !== 0xff
    if (!isStray) at += marker === 0xff ? 1 : standsAlone ? 2 : 2 + bytes[at + 2]! * 256 + bytes[at + 3]!
    if (isStray || marker === 0xda) at = nextMarker(bytes, at)
  }
  return false
}

/** Past the entropy-coded data, in which 0xFF is followed by 0 or a restart marker. */
function nextMarker(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next !== undefined && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return bytes.length
}

function hasPngEnd(view: DataView): boolean {
  const IEND = 0x49454e44
  let at = 8
  while (at + 12 <= view.byteLength) {
    if (view.getUint32(at + 4) === IEND) return true
    at += 12 + view.getUint32(at)
  }
  return false
}
