// The id that IPFS gives a small file (`ipfs add`): CIDv0 of one UnixFS leaf in one dag-pb node. Of a mempool's
// description it is the mempool's id, and whoever has the id can ask any IPFS node what it stands for.
import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

const sha256Code = 0x12
/** Files above it are cut in pieces, and get another id. */
const mostBytes = 262_144

export function contentIdOf(content: string): string {
  const bytes = Buffer.from(content, 'utf8')
  if (bytes.length > mostBytes) throw new Error(`A mempool's description holds at most ${mostBytes} bytes`)
  // unixfs.proto: Data { Type = 1: File (2); Data = 2; filesize = 3 }. An empty file has no Data.
  const length = varint(bytes.length)
  const data = bytes.length === 0 ? [] : [0x12, ...length, ...bytes]
  const unixfs = Uint8Array.from([0x08, 0x02, ...data, 0x18, ...length])
  // dag-pb: PBNode { Data = 1 } without links.
  const node = Uint8Array.from([0x0a, ...varint(unixfs.length), ...unixfs])
  const digest = create(sha256Code, new Uint8Array(createHash('sha256').update(node).digest()))
  return CID.createV0(digest).toString()
}

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}
