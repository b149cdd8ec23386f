// What a provider says of a file that it keeps.
import type { Address, Hex } from 'viem'

export type RemoteFile = {
  /** 32 hex digits. */
  readonly id: string
  readonly name: string
  readonly state: 'uploading' | 'stored'
  readonly sizeBytes: number
  readonly chunkBytes: number
  readonly chunks: number
  readonly market: Address
  readonly agreementId: string
  /** Seconds since the Unix epoch; then it is gone. */
  readonly expiresAt: number
  /** Of one that is uploading: the first and the last number of chunks that are missing; at most a thousand such ranges. */
  readonly missing?: readonly (readonly [number, number])[]
  /** Of one that is stored: `fileRoot`, for a statement's `datasetRoot` and for `downloadFile`. */
  readonly root?: Hex
  /** `keccak256` of all of it: what `createDataTree` takes as `hashDatum`. */
  readonly contentHash?: Hex
  readonly storage?: { readonly driver: string; readonly reference: string }
  /** The model whose licensees may read it, too. */
  readonly modelId?: string
}
