// Where finished files lie: a folder, a bucket, a network. Whoever keeps files knows no more of it than this.

/** The first and the last byte, both of them meant. */
export type ByteRange = { readonly first: number; readonly last: number }

export type StoredContent = {
  /** The store's own name for it, in its folder or bucket: 32 hex digits. */
  readonly id: string
  readonly sizeBytes: number
  /** In order, and as many bytes as `sizeBytes` says. */
  readonly bytes: AsyncIterable<Uint8Array>
}

export type FileStore = {
  /** As a statement names it: how its reference is to be read. */
  readonly name: 'local' | 's3' | '0g'
  /**
   * Takes a file, whole or not at all; it is safe from a loss of power when this resolves.
   * @returns By what the store finds it again.
   */
  put(content: StoredContent): Promise<string>
  /** Those bytes and no others; throws an outage where they cannot be had. */
  read(reference: string, range: ByteRange): AsyncIterable<Uint8Array>
  /** Undefined where there is none. */
  stat(reference: string): Promise<{ readonly sizeBytes: number } | undefined>
  /** Also where there is none. */
  delete(reference: string): Promise<void>
}

const idPattern = /^[0-9a-f]{32}$/

/** Ids are made by this daemon: another one is a mistake of ours, and must reach no disk. */
export function requireFileId(id: string): string {
  if (!idPattern.test(id)) throw new Error('A stored file is not named by 32 hex digits')
  return id
}

/** Passes the bytes on, and throws unless there are as many as were announced. */
export async function* exactly(
  sizeBytes: number,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let passed = 0
  for await (const piece of bytes) {
    passed += piece.length
    if (passed > sizeBytes) throw new Error(`More bytes came than the ${sizeBytes} that were announced`)
    yield piece
  }
  if (passed !== sizeBytes) throw new Error(`${passed} bytes came of ${sizeBytes}`)
}
