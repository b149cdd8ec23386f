// Which bytes a request wants: one range or all of it. Several at once is refused, for a header of a few bytes could ask for a
// file a thousand times over.
import type { ByteRange } from './fileStore.ts'

export type WantedBytes =
  | { readonly kind: 'whole' }
  | { readonly kind: 'range'; readonly range: ByteRange }
  | { readonly kind: 'unsatisfiable'; readonly message: string }

const mostHeaderCharacters = 64

export function wantedBytes(header: string | null, sizeBytes: number): WantedBytes {
  if (header === null) return { kind: 'whole' }
  const match = header.length > mostHeaderCharacters ? null : /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header)
  if (match === null || (match[1] === '' && match[2] === '')) {
    return {
      kind: 'unsatisfiable',
      message: 'The header Range is not one range of bytes, such as bytes=0-1048575: ask for one at a time',
    }
  }
  const [, from = '', to = ''] = match
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from)
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1)
  if (first > last) {
    return { kind: 'unsatisfiable', message: `The file has ${sizeBytes} bytes: none of them is in the range` }
  }
  return { kind: 'range', range: { first, last } }
}
