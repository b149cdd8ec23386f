// Which events come from which address of the market.
import { computeAccountFactoryEvents } from '../abi/computeAccountFactory.ts'
import { computePaymasterEvents } from '../abi/computePaymaster.ts'
import { computeTokenEvents } from '../abi/computeToken.ts'
import { instanceLeaseEvents } from '../abi/instanceLease.ts'
import { modelNftEvents } from '../abi/modelNft.ts'
import { offerBookEvents } from '../abi/offerBook.ts'
import { providerRegistryEvents } from '../abi/providerRegistry.ts'
import { serverlessSessionEvents } from '../abi/serverlessSession.ts'
import { trainingRecordEvents } from '../abi/trainingRecord.ts'
import { usageRightsEvents } from '../abi/usageRights.ts'
import type { ComputeContracts } from '../chains/computeContracts.ts'

export const computeAbis = {
  token: computeTokenEvents,
  providerRegistry: providerRegistryEvents,
  offerBook: offerBookEvents,
  usageRights: usageRightsEvents,
  trainingRecord: trainingRecordEvents,
  instanceLease: instanceLeaseEvents,
  serverlessSession: serverlessSessionEvents,
  modelNft: modelNftEvents,
  paymaster: computePaymasterEvents,
  computeAccountFactory: computeAccountFactoryEvents,
} as const satisfies Partial<Record<keyof ComputeContracts, unknown>>

/** The contracts whose events the SDK reads, by their names in `ComputeContracts`. */
export type ComputeContractName = keyof typeof computeAbis
export const computeContractNames = Object.keys(computeAbis) as readonly ComputeContractName[]
