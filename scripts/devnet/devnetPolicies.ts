// What the devnet's operator sponsors when nobody names a token to pay with: rentals, within bounds.
import { writeFileSync } from 'node:fs'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { getAbiItem, toFunctionSelector } from 'viem'
import type { DataDirectory } from './dataDirectory.ts'

const renterFunctions = ['open', 'extend', 'stop', 'settle', 'ping', 'claimFault', 'expire'] as const

/** Returns where the policy file was written. */
export function writePolicies(data: DataDirectory, contracts: ComputeContracts): string {
  const selectors = renterFunctions.map(name =>
    toFunctionSelector(getAbiItem({ abi: instanceLeaseAbi, name })),
  )
  const policies = [
    {
      id: 'rentals',
      name: 'Rentals on the house',
      description: 'Sponsors the calls that a renter makes, for anybody, within daily budgets',
      default: true,
      contracts: [
        { address: contracts.token, functions: ['approve(address,uint256)'] },
        { address: contracts.instanceLease, functions: selectors },
      ],
      factories: [contracts.simpleAccountFactory],
      limits: {
        costPerOperationWei: '0.02ether',
        perSender: { costWei: '0.1ether', operations: 50 },
        global: { costWei: '100ether' },
      },
    },
  ]
  const path = data.file('policies.json')
  writeFileSync(path, `${JSON.stringify({ policies }, undefined, 2)}\n`)
  return path
}
