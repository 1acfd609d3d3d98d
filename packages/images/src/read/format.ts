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
  if (format === 'JPEG') return ![...jpegMarkers(bytes)].some(([marker]) => marker === 0xd9)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (format === 'WebP') return view.getUint32(4, true) + 8 > bytes.length
  return format === 'PNG' && !hasPngEnd(view)
}

/** Whether a file is a JPEG of four inks, from its frame header. */
export function isCmykJpeg(bytes: Uint8Array, format: Format | undefined): boolean {
  return format === 'JPEG' && jpegColors(bytes).components === 4
}

/** Whether a file is a grey JPEG with a profile for colours: libvips and PIL take its numbers as they are, browsers apply the profile. */
export function hasForeignProfile(bytes: Uint8Array, format: Format | undefined): boolean {
  if (format !== 'JPEG') return false
  const { components, profile } = jpegColors(bytes)
  return components === 1 && profile !== undefined && profile !== 'GRAY'
}

/** How many components a JPEG has, from its frame header, and the colour space of an embedded profile: `RGB `, `GRAY`, `CMYK`. */
function jpegColors(bytes: Uint8Array): { components?: number; profile?: string } {
  let profile: string | undefined
  for (const [marker, at] of jpegMarkers(bytes)) {
    const text = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(at + from, at + to))
    // The first of its parts begins with the profile's header, whose bytes 16 to 19 name the colour space.
    if (marker === 0xe2 && text(4, 15) === 'ICC_PROFILE' && bytes[at + 16] === 1) profile = text(34, 38)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { components: bytes[at + 9]!, ...(profile !== undefined && { profile }) }
  }
  return {}
}

/** The markers of a JPEG with their places, from one to the next: the thumbnail in the header has markers of its own. */
function* jpegMarkers(bytes: Uint8Array): Generator<readonly [marker: number, at: number]> {
  let at = 2
  while (at >= 0 && at + 1 < bytes.length) {
    const marker = bytes[at + 1]!
    const isStray = bytes[at] !== 0xff || marker === 0xff
    if (!isStray) yield [marker, at]
    if (!isStray && marker === 0xd9) return
    const standsAlone = marker === 1 || (marker >= 0xd0 && marker <= 0xd7)
    if (isStray) at++
    else at += standsAlone ? 2 : 2 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0)
    if (isStray || marker === 0xda) at = nextMarker(bytes, at)
  }
}

/** The next marker; in entropy-coded data 0xFF is followed by 0 or a restart marker. */
function nextMarker(bytes: Uint8Array, start: number): number {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next !== undefined && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return -1
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
