// A sponsorship policy to begin with: the calls that a renter makes, for anybody, within daily budgets. The devnet's
// operator has it, and `npm run deploy -- --configuration` writes it for whoever runs a paymaster.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { type Address, getAbiItem, toFunctionSignature } from 'viem'

const renterFunctions = [
  'open',
  'extend',
  'stop',
  'settle',
  'stopAndSettle',
  'ping',
  'claimFault',
  'expire',
] as const

export function renterPolicy(options: {
  readonly contracts: Pick<ComputeContracts, 'token' | 'instanceLease'>
  /** Who may deploy an account on the house. */
  readonly factories: readonly Address[]
  /** What all renters together may cost in a day, such as `10ether`. */
  readonly dailyCostWei: string
}): object {
  const { contracts, factories, dailyCostWei } = options
  return {
    id: 'rentals',
    name: 'Rentals on the house',
    description: 'Sponsors the calls that a renter makes, for anybody, within daily budgets',
    default: true,
    contracts: [
      { address: contracts.token, functions: ['approve(address,uint256)'] },
      { address: contracts.instanceLease, functions: renterFunctions.map(signatureOf) },
    ],
    factories,
    limits: {
      costPerOperationWei: '0.02ether',
      perSender: { costWei: '0.1ether', operations: 50 },
      global: { costWei: dailyCostWei },
    },
  }
}

/** As a person reads it: `stop(uint256)`. */
function signatureOf(name: (typeof renterFunctions)[number]): string {
  return toFunctionSignature(getAbiItem({ abi: instanceLeaseAbi, name }))
}
