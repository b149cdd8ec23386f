// A lane is a nonce key of an account: operations in different lanes wait for nobody. Lanes are used once
// before the clock starts, because a key's first operation costs 17,100 gas more than all that follow.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { Address } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'
import type { BenchAccount } from './accounts.ts'
import { signOperation } from './operations.ts'

export type Lane = {
  readonly account: BenchAccount
  readonly key: bigint
  /** Of the lane's next operation. */
  readonly nonce: bigint
}

type LanesOptions = {
  readonly accounts: readonly BenchAccount[]
  readonly count: number
  readonly entryPoint: Address
  readonly client: DeploymentClient
}

const operationsPerTransaction = 40
/** Ample for a no-op of a SimpleAccount. */
const warmGas = { callGasLimit: 60_000n, verificationGasLimit: 120_000n, preVerificationGas: 0n }

/** `count` lanes, spread evenly over the accounts, with their nonces as of now. */
export async function readLanes({
  accounts,
  count,
  entryPoint,
  client,
}: LanesOptions): Promise<readonly Lane[]> {
  const lanes: Lane[] = []
  for (let index = 0; index < count; index++) {
    const account = accounts[index % accounts.length]
    if (account === undefined) throw new Error('A load needs at least one account')
    const key = BigInt(Math.floor(index / accounts.length))
    const nonce = await client.readContract({
      address: entryPoint,
      abi: entryPoint07Abi,
      functionName: 'getNonce',
      args: [account.address, key],
    })
    lanes.push({ account, key, nonce })
  }
  return lanes
}

/** Sends one no-op through every lane that was never used, past any bundler. */
export async function warmLanes(options: LanesOptions): Promise<void> {
  const { client, entryPoint } = options
  const { baseFeePerGas } = await client.getBlock({ blockTag: 'latest' })
  const maxFeePerGas = (baseFeePerGas ?? 0n) * 2n + 1n
  const gas = { ...warmGas, maxFeePerGas, maxPriorityFeePerGas: 1n }
  const unused = (await readLanes(options)).filter(({ key, nonce }) => nonce === key << 64n)
  for (let start = 0; start < unused.length; start += operationsPerTransaction) {
    const operations = await Promise.all(
      unused
        .slice(start, start + operationsPerTransaction)
        .map(lane => signOperation({ lane, gas, chainId: client.chain.id, entryPoint })),
    )
    const hash = await client.writeContract({
      address: entryPoint,
      abi: entryPoint07Abi,
      functionName: 'handleOps',
      args: [operations.map(operation => toPackedUserOperation(operation)), client.account.address],
    })
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 200 })
    if (receipt.status !== 'success') throw new Error(`Transaction ${hash}, which readies lanes, reverted`)
  }
}
