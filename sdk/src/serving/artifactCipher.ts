// How an artifact for sale is encrypted: as Tink's AES256_GCM_HKDF_1MB, a published format of streams, so that a training
// in any language can write it. Each megabyte is authentic by itself, in its place, and the end cannot be cut off.
import { expand, extract } from '@noble/hashes/hkdf'
import { sha256 } from '@noble/hashes/sha2'
import { concatBytes, type Hex, hexToBytes } from 'viem'
import { ComputeError } from '../errors/computeError.ts'
import { type ByteSource, segmentsOf } from './byteSource.ts'

const segmentBytes = 1_048_576
const tagBytes = 16
const saltBytes = 32
const prefixBytes = 7
const headerBytes = 1 + saltBytes + prefixBytes

export type ArtifactParameters = {
  readonly source: ByteSource
  /** The 32 bytes that a sale of the model releases: of `hashModelKey`, `sealKey` and `openSealedKey`. */
  readonly key: Hex
}

/**
 * Encrypts an artifact with a model's key, megabyte by megabyte. The same key may encrypt any number of artifacts.
 *
 * @example
 * import { encryptArtifact } from '@worldland-aa/sdk/serving/artifactCipher'
 * import { writeFile } from 'node:fs/promises'
 *
 * await writeFile('weights.enc', encryptArtifact({ source: weights, key }))
 */
export async function* encryptArtifact({ source, key }: ArtifactParameters): AsyncGenerator<Uint8Array> {
  const header = crypto.getRandomValues(new Uint8Array(headerBytes))
  header[0] = headerBytes
  const seal = await cipherOf(key, header)
  yield header
  const sizes = { first: segmentBytes - headerBytes - tagBytes, next: segmentBytes - tagBytes }
  for await (const { bytes, index, isLast } of segmentsOf(source, sizes)) {
    yield await seal('encrypt', bytes, index, isLast)
  }
}

/**
 * Decrypts an artifact with the key that was bought. Fails for another key and for whatever was altered, cut or put in
 * another place; what came before the failure is good, and is not the whole.
 *
 * @example
 * import { decryptArtifact } from '@worldland-aa/sdk/serving/artifactCipher'
 * import { openSealedKey } from '@worldland-aa/sdk/actions/model/openSealedKey'
 *
 * const { key } = openSealedKey({ privateKey, sealed: await client.getPurchase({ purchaseId }), keyHash })
 * for await (const bytes of decryptArtifact({ source: encrypted, key })) await out.write(bytes)
 */
export async function* decryptArtifact({ source, key }: ArtifactParameters): AsyncGenerator<Uint8Array> {
  let open: Awaited<ReturnType<typeof cipherOf>> | undefined
  for await (const { bytes, index, isLast } of segmentsOf(source, {
    first: segmentBytes,
    next: segmentBytes,
  })) {
    if (open === undefined) {
      if (!isArtifactHeader(bytes) || bytes.length < headerBytes + tagBytes) throw notEncrypted()
      open = await cipherOf(key, bytes.subarray(0, headerBytes))
    }
    yield await open('decrypt', index === 0 ? bytes.subarray(headerBytes) : bytes, index, isLast)
  }
}

/** Whether what begins so may be an encrypted artifact: 40 bytes that look like chance after the first. */
export function isArtifactHeader(start: Uint8Array): boolean {
  return start.length >= headerBytes && start[0] === headerBytes
}

export const artifactHeaderBytes = headerBytes

async function cipherOf(key: Hex, header: Uint8Array) {
  const salt = header.subarray(1, 1 + saltBytes)
  const prefix = header.subarray(1 + saltBytes, headerBytes)
  const { subtle } = crypto
  if (subtle === undefined) {
    throw new ComputeError({
      problem: 'This page has no cryptography of the browser’s: it was not served by HTTPS.',
      remedy: 'Serve the page by HTTPS, or from localhost.',
    })
  }
  const raw = expand(sha256, extract(sha256, hexToBytes(key), salt), new Uint8Array(), 32)
  const secret = await subtle.importKey('raw', raw as Uint8Array<ArrayBuffer>, 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  return async (act: 'encrypt' | 'decrypt', bytes: Uint8Array, index: number, isLast: boolean) => {
    const counter = new Uint8Array(5)
    new DataView(counter.buffer).setUint32(0, index)
    counter[4] = isLast ? 1 : 0
    const iv = concatBytes([prefix, counter]) as Uint8Array<ArrayBuffer>
    try {
      const done: ArrayBuffer = await subtle[act](
        { name: 'AES-GCM', iv },
        secret,
        bytes as Uint8Array<ArrayBuffer>,
      )
      return new Uint8Array(done)
    } catch (cause) {
      throw wrongKey(index, cause)
    }
  }
}

function wrongKey(index: number, cause: unknown): ComputeError {
  return new ComputeError({
    problem: `Megabyte ${index + 1} of the artifact does not open: another key, or bytes that were altered or cut.`,
    remedy:
      'Download it again, verify it against its root, and take the key that openSealedKey says is the promised one.',
    cause,
  })
}

function notEncrypted(): ComputeError {
  return new ComputeError({
    problem: 'These bytes are no encrypted artifact.',
    remedy: 'Take what encryptArtifact, or Tink’s AES256_GCM_HKDF_1MB, wrote.',
  })
}
