// What is known of a file, as it stands in the database.
import type { Selectable } from 'kysely'
import { type Address, type Hex, isAddressEqual } from 'viem'
import type { FileTables } from './tables.ts'

export type AgreementId = {
  /** InstanceLease or ServerlessSession. */
  readonly market: Address
  readonly agreementId: bigint
}

/** By its payer as well, who never changes: a reorganisation may give the number to somebody else's. */
export type Agreement = AgreementId & { readonly payer: Address }

export function isSameAgreement(left: Agreement, right: Agreement): boolean {
  return (
    left.agreementId === right.agreementId &&
    isAddressEqual(left.market, right.market) &&
    isAddressEqual(left.payer, right.payer)
  )
}

type Common = Agreement & {
  readonly id: string
  readonly name: string
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly createdAtSeconds: number
  readonly expiresAtSeconds: number
}

export type UploadingFile = Common & { readonly state: 'uploading' }

export type StoredFile = Common & {
  readonly state: 'stored'
  readonly root: Hex
  readonly contentHash: Hex
  readonly chunkHashes: Uint8Array
  readonly store: string
  readonly reference: string
  /** The model whose licensees may read it, too. */
  readonly modelId: bigint | undefined
}

export type KnownFile = UploadingFile | StoredFile

export function fromRow(row: Selectable<FileTables['stored_file']>): KnownFile {
  const common = {
    id: row.id,
    market: row.market as Address,
    agreementId: BigInt(row.agreement_id),
    payer: row.payer as Address,
    name: row.name,
    sizeBytes: row.size_bytes,
    chunkBytes: row.chunk_bytes,
    createdAtSeconds: row.created_at,
    expiresAtSeconds: row.expires_at,
  }
  if (row.state === 'uploading') return { ...common, state: 'uploading' }
  const { root, content_hash: contentHash, chunk_hashes: chunkHashes, store, reference } = row
  if (root === null || contentHash === null || chunkHashes === null || store === null || reference === null) {
    throw new Error(`The stored file ${row.id} lacks what every stored file has`)
  }
  return {
    ...common,
    state: 'stored',
    root: root as Hex,
    contentHash: contentHash as Hex,
    chunkHashes,
    store,
    reference,
    modelId: row.model_id === null ? undefined : BigInt(row.model_id),
  }
}

export function toRow(file: KnownFile): Selectable<FileTables['stored_file']> {
  const stored = file.state === 'stored' ? file : undefined
  return {
    id: file.id,
    market: file.market.toLowerCase(),
    agreement_id: file.agreementId.toString(),
    payer: file.payer.toLowerCase(),
    name: file.name,
    size_bytes: file.sizeBytes,
    chunk_bytes: file.chunkBytes,
    state: file.state,
    root: stored?.root ?? null,
    content_hash: stored?.contentHash ?? null,
    chunk_hashes: stored?.chunkHashes ?? null,
    store: stored?.store ?? null,
    reference: stored?.reference ?? null,
    model_id: stored?.modelId?.toString() ?? null,
    created_at: file.createdAtSeconds,
    expires_at: file.expiresAtSeconds,
  }
}
