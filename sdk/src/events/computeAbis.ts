// Which ABI stands behind which address of the market: what events are decoded by.
import { computeAccountFactoryAbi } from '../abi/computeAccountFactory.ts'
import { computePaymasterAbi } from '../abi/computePaymaster.ts'
import { computeTokenAbi } from '../abi/computeToken.ts'
import { instanceLeaseAbi } from '../abi/instanceLease.ts'
import { modelNftAbi } from '../abi/modelNft.ts'
import { offerBookAbi } from '../abi/offerBook.ts'
import { providerRegistryAbi } from '../abi/providerRegistry.ts'
import { serverlessSessionAbi } from '../abi/serverlessSession.ts'
import { trainingRecordAbi } from '../abi/trainingRecord.ts'
import { usageRightsAbi } from '../abi/usageRights.ts'
import type { ComputeContracts } from '../chains/computeContracts.ts'

export const computeAbis = {
  token: computeTokenAbi,
  providerRegistry: providerRegistryAbi,
  offerBook: offerBookAbi,
  usageRights: usageRightsAbi,
  trainingRecord: trainingRecordAbi,
  instanceLease: instanceLeaseAbi,
  serverlessSession: serverlessSessionAbi,
  modelNft: modelNftAbi,
  paymaster: computePaymasterAbi,
  computeAccountFactory: computeAccountFactoryAbi,
} as const satisfies Partial<Record<keyof ComputeContracts, unknown>>

/** The contracts whose events the SDK reads, by their names in `ComputeContracts`. */
export type ComputeContractName = keyof typeof computeAbis
export const computeContractNames = Object.keys(computeAbis) as readonly ComputeContractName[]
