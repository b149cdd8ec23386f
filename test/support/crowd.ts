// Many small senders: funded SimpleAccounts, and signed operations of theirs that nobody has seen yet.
import { type Hash, parseGwei } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { type BenchAccount, prepareAccounts } from '../../scripts/bench/accounts.ts'
import { type GasFields, signOperation } from '../../scripts/bench/operations.ts'
import type { TestChain } from './chain.ts'
import { hashOf } from './wireOperation.ts'

export type CrowdOperation = { readonly hash: Hash; readonly wire: object }

export type Crowd = {
  readonly accounts: readonly BenchAccount[]
  /** `count` operations, spread over the accounts, none waiting for another. */
  sign(count: number, fees?: Partial<GasFields>): Promise<readonly CrowdOperation[]>
}

export const crowdGas: GasFields = {
  callGasLimit: 60_000n,
  verificationGasLimit: 120_000n,
  preVerificationGas: 60_000n,
  maxFeePerGas: parseGwei('60'),
  maxPriorityFeePerGas: parseGwei('2'),
}

/** While the chain mines by itself, best every transaction at once. */
export async function gatherCrowd(chain: TestChain, count: number): Promise<Crowd> {
  const { entryPoint, contracts } = chain.deployment
  const accounts = await prepareAccounts({
    count,
    entryPoint,
    factory: contracts.simpleAccountFactory,
    funder: chain.faucet,
  })
  let nextKey = 0n
  return {
    accounts,
    async sign(wanted, fees = {}) {
      const operations: CrowdOperation[] = []
      for (let index = 0; index < wanted; index++) {
        const account = accounts[index % accounts.length]
        if (account === undefined) throw new Error('The crowd is empty')
        const key = nextKey++
        const signed = await signOperation({
          lane: { account, key, nonce: key << 64n },
          gas: { ...crowdGas, ...fees },
          chainId: 103,
          entryPoint,
        })
        const wire = formatUserOperationRequest(signed)
        operations.push({ hash: hashOf(wire), wire })
      }
      return operations
    },
  }
}
