// Fetches a file of a provider's, and believes nothing of it: the list of its chunks must lead to the root that the caller
// knows (of a record on the chain), and each chunk must be the one of that list, in its place.
import { type Hex, keccak256 } from 'viem'
import { ComputeError } from '../errors/computeError.ts'
import { createFileAccess, type FileAccess, type FileReader } from './fileAccess.ts'
import { decodeManifest, type FileManifest, fileRoot, mostChunks } from './fileManifest.ts'
import { askForFile } from './fileRequest.ts'
import { countingFrom, someAtATime } from './someAtATime.ts'

export type DownloadFileParameters = FileReader & {
  readonly fileId: string
  /** What it must be: from a record's listing, or whoever else vouches for the file. */
  readonly root: Hex
  /** Of a download that broke off: how many chunks are here already. */
  readonly firstChunk?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Default: viem's, in JavaScript. One in WebAssembly is twenty times as fast. */
  readonly keccak256?: ((bytes: Uint8Array) => Hex) | undefined
}

export type DownloadedChunk = {
  readonly bytes: Uint8Array
  readonly number: number
  /** Where in the file it begins. */
  readonly offset: number
  readonly sizeBytes: number
}

/**
 * Downloads a file, chunk by chunk, each verified before it is handed out. Where the line breaks, a chunk is asked for again;
 * where the program ends, `firstChunk` goes on.
 *
 * @example
 * import { downloadFile } from '@worldland-aa/sdk/serving/downloadFile'
 *
 * const file = downloadFile({ contracts, chainId: 103, url, signer: account, modelId, fileId, root })
 * for await (const { bytes } of file) await out.write(bytes)
 */
export async function* downloadFile(parameters: DownloadFileParameters): AsyncGenerator<DownloadedChunk> {
  const { fileId, firstChunk = 0, signal, keccak256: hashOf = keccak256 } = parameters
  const access = createFileAccess(parameters)
  const { sizeBytes, chunkBytes, chunkHashes } = await manifestOf(access, parameters)
  const fetchChunk = async (number: number): Promise<DownloadedChunk> => {
    const offset = number * chunkBytes
    const mostBytes = Math.min(chunkBytes, sizeBytes - offset)
    const range = `bytes=${offset}-${offset + mostBytes - 1}`
    const bytes = await askForFile(access, `/files/${fileId}/content`, { range, signal, mostBytes })
    return { bytes, number, offset, sizeBytes }
  }
  for await (const chunk of someAtATime(countingFrom(firstChunk, chunkHashes.length), fetchChunk)) {
    // A piece that was cut has another hash as well.
    if (hashOf(chunk.bytes) !== chunkHashes[chunk.number]) {
      throw new ComputeError({
        problem: `Chunk ${chunk.number} of the file ${fileId} is not the one of its root: what came was altered.`,
        remedy: 'Ask another who keeps this file; what was handed out before is good.',
      })
    }
    yield chunk
  }
}

async function manifestOf(
  access: FileAccess,
  { fileId, root, signal }: DownloadFileParameters,
): Promise<FileManifest> {
  const mostBytes = 1_024 + 32 * mostChunks
  const bytes = await askForFile(access, `/files/${fileId}/manifest`, { signal, mostBytes })
  const manifest = decodeManifest(bytes)
  if (manifest !== undefined && fileRoot(manifest) === root.toLowerCase()) return manifest
  throw new ComputeError({
    problem: `What the provider keeps as the file ${fileId} is not the file of the root ${root}.`,
    remedy: 'Look for the file’s id in the listing of its training, or ask another who keeps it.',
  })
}
