// What the devnet's operator sponsors when nobody names a token to pay with: rentals, within bounds.
import { writeFileSync } from 'node:fs'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { renterPolicy } from '../deploy/renterPolicy.ts'
import type { DataDirectory } from './dataDirectory.ts'

/** Returns where the policy file was written. */
export function writePolicies(data: DataDirectory, contracts: ComputeContracts): string {
  const factories = [contracts.simpleAccountFactory]
  const policies = [renterPolicy({ contracts, factories, dailyCostWei: '100ether' })]
  const path = data.file('policies.json')
  writeFileSync(path, `${JSON.stringify({ policies }, undefined, 2)}\n`)
  return path
}
