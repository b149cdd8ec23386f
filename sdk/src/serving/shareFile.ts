// Opens a file to others: to a model's licensees, or for some minutes to whoever has a link.
import { createFileAccess, type FileHolder, type FileReader } from './fileAccess.ts'
import { askForJson } from './fileRequest.ts'
import type { RemoteFile } from './remoteFile.ts'

export type PublishFileParameters = FileHolder & {
  readonly fileId: string
  /** A model that came of this lease or session. Undefined: for its licensees no more. */
  readonly modelId: bigint | undefined
}
export type PublishFileReturnType = RemoteFile

/**
 * Opens an artifact to the licensees of a model. It must be encrypted by `encryptArtifact` with the key that the model sells.
 *
 * @example
 * import { publishFile } from '@worldland-aa/sdk/serving/shareFile'
 *
 * await publishFile({ contracts, chainId: 103, url, signer: account, market: 'lease', agreementId: leaseId, fileId, modelId })
 */
export async function publishFile(parameters: PublishFileParameters): Promise<PublishFileReturnType> {
  const { fileId, modelId } = parameters
  const body = JSON.stringify({ modelId: modelId?.toString() ?? null })
  const path = `/files/${fileId}/publication`
  return await askForJson<RemoteFile>(createFileAccess(parameters), path, { method: 'POST', body })
}

/** A licensee's view of what a model's sellers have published. */
export async function listModelFiles(
  parameters: FileReader & { readonly modelId: bigint },
): Promise<readonly RemoteFile[]> {
  return (await askForJson<{ files: RemoteFile[] }>(createFileAccess(parameters), '/files', {})).files
}

export type CreateFileLinkParameters = FileReader & {
  readonly fileId: string
  /** At most an hour. Default: five minutes. */
  readonly seconds?: number | undefined
  /** Of the bytes it opens. Default: all. */
  readonly range?: { readonly first: number; readonly last: number } | undefined
}
export type CreateFileLinkReturnType = {
  readonly url: string
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number
}

/**
 * Makes a link that opens a file, or a part of it, for some minutes to whoever has it. It cannot be taken back.
 *
 * @example
 * import { createFileLink } from '@worldland-aa/sdk/serving/shareFile'
 *
 * const { url } = await createFileLink({ contracts, chainId: 103, url: gateway, signer: account, modelId, fileId })
 */
export async function createFileLink(
  parameters: CreateFileLinkParameters,
): Promise<CreateFileLinkReturnType> {
  const { fileId, seconds, range } = parameters
  const body = JSON.stringify({ seconds, ...range })
  const path = `/files/${fileId}/links`
  return await askForJson(createFileAccess(parameters), path, { method: 'POST', body })
}
