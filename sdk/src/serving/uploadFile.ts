// Sends a file to a provider, chunk by chunk: a line that breaks costs a chunk, and what arrived is held against what was
// sent by one root.
import { type Hex, keccak256 } from 'viem'
import { ComputeError } from '../errors/computeError.ts'
import { createFileAccess, type FileAccess, type FileHolder } from './fileAccess.ts'
import { chunkCount, fileRoot } from './fileManifest.ts'
import { askForJson } from './fileRequest.ts'
import type { RemoteFile } from './remoteFile.ts'
import { countingFrom, someAtATime } from './someAtATime.ts'

export type UploadFileParameters = FileHolder & {
  /** A page's `File`, Node's `fs.openAsBlob(path)`, or bytes. */
  readonly source: Blob | Uint8Array
  /** Without a folder. */
  readonly name: string
  /** Default: 4 MiB, or more where the file is so large that it would have too many. */
  readonly chunkBytes?: number | undefined
  /** Of an upload that broke off: only what is missing is sent. */
  readonly fileId?: string | undefined
  readonly onProgress?:
    | ((progress: { fileId: string; sentBytes: number; sizeBytes: number }) => void)
    | undefined
  readonly signal?: AbortSignal | undefined
  /** Default: viem's, in JavaScript. One in WebAssembly is twenty times as fast. */
  readonly keccak256?: ((bytes: Uint8Array) => Hex) | undefined
}
export type UploadFileReturnType = RemoteFile & { readonly state: 'stored'; readonly root: Hex }

const usualChunkBytes = 4 * 1_048_576
const usualChunks = 16_384

/**
 * Uploads a file for a lease or session. Keep `fileId` of the first progress: with it an upload that broke off goes on.
 *
 * @example
 * import { uploadFile } from '@worldland-aa/sdk/serving/uploadFile'
 * import { openAsBlob } from 'node:fs'
 *
 * const { id, root } = await uploadFile({
 *   contracts,
 *   chainId: 103,
 *   url: 'https://gpu.example',
 *   signer: account,
 *   market: 'lease',
 *   agreementId: leaseId,
 *   source: await openAsBlob('train.jsonl'),
 *   name: 'train.jsonl',
 * })
 */
export async function uploadFile(parameters: UploadFileParameters): Promise<UploadFileReturnType> {
  const { name, source, signal, onProgress, keccak256: hashOf = keccak256 } = parameters
  const access = createFileAccess(parameters)
  const sizeBytes = source instanceof Uint8Array ? source.length : source.size
  const remote = await openOrResume(access, parameters, sizeBytes)
  const { id, chunkBytes } = remote
  if (remote.sizeBytes !== sizeBytes) {
    throw new ComputeError({
      problem: `The upload ${id} is of a file of ${remote.sizeBytes} bytes; ${name} has ${sizeBytes}.`,
      remedy: 'Give the same file, or leave fileId out to upload another.',
    })
  }
  let sentBytes = sizeBytes
  for (const [first, last] of remote.missing ?? []) sentBytes -= bytesIn(remote, first, last)
  onProgress?.({ fileId: id, sentBytes, sizeBytes })

  async function send(number: number): Promise<{ readonly hash: Hex; readonly bytes: number }> {
    const chunk = await bytesAt(source, number * chunkBytes, chunkBytes)
    const hash = hashOf(chunk)
    const isMissing = (remote.missing ?? []).some(([first, last]) => number >= first && number <= last)
    if (!isMissing) return { hash, bytes: 0 }
    const sent = { method: 'PUT', body: chunk, signal } as const
    const taken = await askForJson<{ hash: Hex }>(access, `/files/${id}/chunks/${number}`, sent)
    if (taken.hash !== hash) throw damaged(`Chunk ${number} of ${name}`)
    return { hash, bytes: chunk.length }
  }
  const chunkHashes: Hex[] = []
  for await (const { hash, bytes } of someAtATime(countingFrom(0, chunkCount(sizeBytes, chunkBytes)), send)) {
    chunkHashes.push(hash)
    sentBytes += bytes
    if (bytes > 0) onProgress?.({ fileId: id, sentBytes, sizeBytes })
  }
  const root = fileRoot({ sizeBytes, chunkBytes, chunkHashes })
  const ended = { method: 'POST', body: JSON.stringify({ root }), signal } as const
  const stored = await askForJson<RemoteFile>(access, `/files/${id}/finish`, ended)
  if (stored.root !== root || stored.state !== 'stored') throw damaged(name)
  return stored as UploadFileReturnType
}

async function openOrResume(
  access: FileAccess,
  parameters: UploadFileParameters,
  sizeBytes: number,
): Promise<RemoteFile> {
  const { name, market, agreementId, fileId, signal } = parameters
  if (fileId !== undefined) return await askForJson<RemoteFile>(access, `/files/${fileId}`, { signal })
  const chunkBytes =
    parameters.chunkBytes ?? Math.max(usualChunkBytes, 65_536 * Math.ceil(sizeBytes / usualChunks / 65_536))
  const wanted = { market, agreementId: agreementId.toString(), name, sizeBytes, chunkBytes }
  return await askForJson<RemoteFile>(access, '/files', {
    method: 'POST',
    body: JSON.stringify(wanted),
    signal,
  })
}

async function bytesAt(source: Blob | Uint8Array, start: number, length: number): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source.subarray(start, start + length)
  return new Uint8Array(await source.slice(start, start + length).arrayBuffer())
}

function bytesIn({ sizeBytes, chunkBytes }: RemoteFile, first: number, last: number): number {
  return Math.min(sizeBytes, (last + 1) * chunkBytes) - first * chunkBytes
}

function damaged(what: string): ComputeError {
  return new ComputeError({
    problem: `${what} did not arrive as it was sent.`,
    remedy: 'Upload it again without fileId; if that fails too, choose another provider.',
  })
}
