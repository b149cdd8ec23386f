// Which lease or session a model came of, as its record says. Neither ever changes, so it is asked once.
import { getModel } from '@worldland-aa/sdk/actions/model/getModel'
import { getTrainingRecord } from '@worldland-aa/sdk/actions/provenance/getTrainingRecord'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { ComputeError } from '@worldland-aa/sdk/errors/computeError'
import type { PublicClient } from 'viem'
import type { AgreementId } from './storedFile.ts'

export type ModelOrigin = {
  /** Undefined where there is no such model. Throws where the node does not answer. */
  agreementOf(modelId: bigint): Promise<AgreementId | undefined>
}

export function createModelOrigin(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
}): ModelOrigin {
  const { client, contracts } = options
  return {
    async agreementOf(modelId) {
      const model = await getModel(client, { contracts, modelId }).catch((error: unknown) => {
        if (error instanceof ComputeError && error.source === 'contract') return undefined
        throw error
      })
      if (model === undefined) return undefined
      const { statement } = await getTrainingRecord(client, { contracts, recordId: model.recordId })
      return { market: statement.market, agreementId: statement.agreementId }
    },
  }
}
