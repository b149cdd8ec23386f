// Another bundler's bundle: the faucet's key sends operations that were given to ours.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Hash, parseGwei } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { TestChain } from './chain.ts'
import type { CrowdOperation } from './crowd.ts'
import { fromWire } from './wireOperation.ts'

/** Pays more than ours, so that it is mined first; not waited for. */
export function sendForeignBundle(
  { faucet }: TestChain,
  operations: readonly CrowdOperation[],
): Promise<Hash> {
  return faucet.writeContract({
    address: entryPoint07Address,
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [operations.map(({ wire }) => toPackedUserOperation(fromWire(wire))), faucet.account.address],
    gas: 3_000_000n,
    maxFeePerGas: parseGwei('500'),
    maxPriorityFeePerGas: parseGwei('100'),
  })
}
