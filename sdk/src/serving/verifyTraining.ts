// Whether files are those of a recorded training, from the files alone: whoever has them needs no word of the provider's.
import type { Client } from 'viem'
import {
  type GetTrainingRecordErrorType,
  getTrainingRecord,
} from '../actions/provenance/getTrainingRecord.ts'
import type { TrainingRecord } from '../actions/provenance/trainingRecord.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import type { ByteSource } from './byteSource.ts'
import { hashFile } from './hashFile.ts'
import { createResultTree, type ResultListing } from './resultListing.ts'

export type VerifyTrainingParameters = WithContracts & {
  readonly recordId: TrainingRecord['recordId']
  /** Of the result, as whoever gave the files gave it; it need not be believed. */
  readonly listing: ResultListing
  /** By their paths in the listing; as many as are at hand. */
  readonly files: Readonly<Record<string, ByteSource>>
  readonly dataset?: { readonly source: ByteSource; readonly chunkBytes: number } | undefined
}
export type VerifyTrainingReturnType = {
  readonly record: TrainingRecord
  /** The listing is the one that was signed. */
  readonly isListing: boolean
  readonly isDataset: boolean | undefined
  /** Paths of files that are another than the one that was signed, or none of it. */
  readonly differing: readonly string[]
}
export type VerifyTrainingErrorType = GetTrainingRecordErrorType

/**
 * Compares files with a training's record on the chain. All is well when both parties signed it, `isListing` holds, and
 * nothing differs.
 *
 * @example
 * import { verifyTraining } from '@worldland-aa/sdk/serving/verifyTraining'
 * import { createReadStream } from 'node:fs'
 *
 * const { record, isListing, differing } = await verifyTraining(publicClient, {
 *   contracts,
 *   recordId,
 *   listing,
 *   files: { 'weights.json': createReadStream('weights.json') },
 * })
 */
export async function verifyTraining(
  client: Client | SmartAccountClient,
  parameters: VerifyTrainingParameters,
): Promise<VerifyTrainingReturnType> {
  const { contracts, recordId, listing, files, dataset } = parameters
  const record = await getTrainingRecord(client, { contracts, recordId })
  const differing: string[] = []
  for (const [path, source] of Object.entries(files)) {
    const listed = listing.files.find(file => file.path === path)
    const found = listed && (await hashFile({ source, chunkBytes: listed.chunkBytes }))
    if (found === undefined || found.hash !== listed?.hash || found.root !== listed.root) differing.push(path)
  }
  return {
    record,
    isListing: createResultTree(listing).root === record.statement.resultRoot,
    isDataset: dataset && (await hashFile(dataset)).root === record.statement.datasetRoot,
    differing,
  }
}
