// Trainings at a provider: started in a lease's machine, waited for, and stated, for both parties to sign.
import type { Hex } from 'viem'
import type { Statement } from '../actions/provenance/statement.ts'
import { ComputeError } from '../errors/computeError.ts'
import { createFileAccess, type FileHolder, type FileReader } from './fileAccess.ts'
import { askForJson, type FileRequest } from './fileRequest.ts'
import type { ListedFile, ResultListing } from './resultListing.ts'

export type Training = {
  /** 32 hex digits. */
  readonly id: string
  readonly leaseId: string
  readonly state: 'running' | 'ended' | 'failed'
  readonly request: StartTraining
  /** Why it failed. */
  readonly problem?: string
  readonly exitCode?: number
  /** The end of what it printed. */
  readonly output: string
  /** What came out, each a file to download by `fileId`. */
  readonly outputs?: readonly (ListedFile & { readonly fileId: string })[]
  /** Once it was asked for. */
  readonly stated?: StatedTraining
  readonly isRecorded: boolean
}

export type StatedTraining = {
  readonly statement: Statement
  /** What the statement's `resultRoot` commits to: `createResultTree(listing)`. */
  readonly listing: ResultListing
  /** As `hashStatement` has it. */
  readonly recordId: Hex
  /** For `recordTraining`. */
  readonly providerSignature: Hex
  readonly recordedBy: 'provider' | 'payer'
}

/** Ids of files that were uploaded for the same lease. They are put into `data/`, `code/` and `config/`. */
export type StartTraining = {
  readonly dataset: string
  readonly code: string
  readonly config?: string | undefined
  /** Run in the workspace; what it leaves in `out/` is the result, `out/metrics.json` its metrics. */
  readonly command: readonly string[]
  /** At most a week. Default: an hour. */
  readonly mostSeconds?: number | undefined
}

type LeaseHolder = Omit<FileHolder, 'market' | 'agreementId'> & { readonly leaseId: bigint }

export type StartTrainingParameters = LeaseHolder & { readonly training: StartTraining }

/**
 * Starts a training in a lease's machine. The provider hashes what it gives it and what comes out, so that the statement is of
 * what really ran.
 *
 * @example
 * import { startTraining } from '@worldland-aa/sdk/serving/training'
 *
 * const { id } = await startTraining({
 *   contracts,
 *   chainId: 103,
 *   url: 'https://gpu.example',
 *   signer: account,
 *   leaseId,
 *   training: { dataset: dataset.id, code: code.id, command: ['python3', 'code/train.py'] },
 * })
 */
export async function startTraining(parameters: StartTrainingParameters): Promise<Training> {
  const { leaseId, training } = parameters
  return await post(parameters, `/leases/${leaseId}/training`, training)
}

export type GetTrainingParameters = (FileReader | LeaseHolder) & {
  readonly leaseId: bigint
  readonly trainingId: string
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a training, as a holder of a right to its lease or as a licensee of a model that came of it.
 *
 * @example
 * import { getTraining } from '@worldland-aa/sdk/serving/training'
 *
 * const { state, output } = await getTraining({ contracts, chainId: 103, url, signer: account, leaseId, trainingId })
 */
export async function getTraining(parameters: GetTrainingParameters): Promise<Training> {
  const { leaseId, trainingId, signal } = parameters
  return await ask(parameters, `/leases/${leaseId}/training/${trainingId}`, { signal }, false)
}

const pollMilliseconds = 1_000

/**
 * Waits until a training has ended; throws, with what it printed last, where it failed.
 *
 * @example
 * import { waitForTraining } from '@worldland-aa/sdk/serving/training'
 *
 * const { outputs } = await waitForTraining({ contracts, chainId: 103, url, signer: account, leaseId, trainingId })
 */
export async function waitForTraining(parameters: GetTrainingParameters): Promise<Training> {
  for (;;) {
    const training = await getTraining(parameters)
    if (training.state === 'ended') return training
    if (training.state === 'failed') {
      throw new ComputeError({
        problem:
          `The training failed: ${training.problem ?? 'it does not say why'}. ${training.output.slice(-1_000)}`.trim(),
        remedy: 'Mend what it names, and start it again.',
      })
    }
    parameters.signal?.throwIfAborted()
    await new Promise(resolve => setTimeout(resolve, pollMilliseconds))
  }
}

export type StateTrainingParameters = LeaseHolder & {
  readonly trainingId: string
  /** Ids of files to be part of the result as well: encrypted copies, and `modelSeal` of a model to be minted. */
  readonly added?: readonly string[] | undefined
  /** Content with a statement that names no image, where the machine runs none. */
  readonly imageless?: boolean | undefined
  /** Who puts it on the chain. Default: the payer. */
  readonly recordedBy?: 'provider' | 'payer' | undefined
}

/**
 * Has the provider state what a training was, and sign it. One statement of each training: later calls return the same.
 *
 * @example
 * import { stateTraining } from '@worldland-aa/sdk/serving/training'
 * import { recordTraining } from '@worldland-aa/sdk/actions/provenance/recordTraining'
 *
 * const { statement, providerSignature } = await stateTraining({ contracts, chainId: 103, url, signer: account, leaseId, trainingId })
 * const hash = await recordTraining(smartAccountClient, { contracts, statement, providerSignature })
 */
export async function stateTraining(parameters: StateTrainingParameters): Promise<StatedTraining> {
  const { leaseId, trainingId, added, imageless, recordedBy } = parameters
  const path = `/leases/${leaseId}/training/${trainingId}/statement`
  const { stated } = await post(parameters, path, { added, imageless, recordedBy })
  if (stated !== undefined) return stated
  throw new ComputeError({
    problem: 'The provider stated nothing.',
    remedy: 'Ask it again, or read the training.',
  })
}

async function post(holder: LeaseHolder, path: string, body: unknown): Promise<Training> {
  return await ask(holder, path, { method: 'POST', body: JSON.stringify(body) }, true)
}

async function ask(
  reader: (FileReader | LeaseHolder) & { readonly leaseId: bigint },
  path: string,
  request: FileRequest,
  once: boolean,
): Promise<Training> {
  const asked: FileReader =
    'modelId' in reader ? reader : { ...reader, market: 'lease', agreementId: reader.leaseId }
  // A licensee is known by the same statement as for files.
  const purpose = 'modelId' in reader ? 'files' : 'training'
  const training = await askForJson<Training>(createFileAccess(asked, { purpose, once }), path, request)
  if (training.stated === undefined) return training
  const { statement } = training.stated
  return {
    ...training,
    stated: { ...training.stated, statement: { ...statement, agreementId: BigInt(statement.agreementId) } },
  }
}
