// Puts statements on the chain for those who asked the provider to, and looks until they are so deep that they stay.
import { getTrainingRecord } from '@worldland-aa/sdk/actions/provenance/getTrainingRecord'
import { recordTraining } from '@worldland-aa/sdk/actions/provenance/recordTraining'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { ComputeError } from '@worldland-aa/sdk/errors/computeError'
import type { Logger } from '@worldland-aa/service/logger'
import type { PublicClient } from 'viem'
import type { Sender } from '../chain/sender.ts'
import type { RunBook } from './runBook.ts'
import type { TrainingRun } from './trainingRun.ts'

export type Recorder = {
  /** At each block. */
  look(headNumber: bigint): Promise<void>
}

export function createRecorder(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly sender: Sender
  readonly book: RunBook
  readonly confirmationBlocks: number
  readonly logger: Logger
}): Recorder {
  const { client, contracts, sender, book, confirmationBlocks, logger } = options

  async function lookAt({ id, stated }: TrainingRun, headNumber: bigint): Promise<void> {
    if (stated === undefined) return
    const record = await getTrainingRecord(client, { contracts, recordId: stated.recordId }).catch(
      (error: unknown) => {
        if (error instanceof ComputeError && error.errorName === 'UnknownRecord') return undefined
        throw error
      },
    )
    if (record?.providerStance === 'signed') {
      if (record.recordedAtBlock + BigInt(confirmationBlocks) <= headNumber) await book.setRecorded(id)
      return
    }
    // The provider sends it itself: then the contract asks it for no signature.
    const calls = recordTraining.calls({ contracts, statement: stated.statement })
    const sent = await sender.submit(`record training ${id}`, calls)
    if (!sent.ok)
      logger.warn({ id, reason: sent.refusal.message }, 'a training cannot be put on the chain yet')
  }

  return {
    async look(headNumber) {
      for (const run of await book.unrecorded()) {
        await lookAt(run, headNumber).catch(error =>
          logger.warn({ error, id: run.id }, 'whether a training is on the chain could not be seen'),
        )
      }
    },
  }
}
