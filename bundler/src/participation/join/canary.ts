// A first operation through the node that has just joined: a new account, paid from its own deposit, deployed by
// whoever leads. That it lands shows that this node accepts, tells others, and hears of the landing.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountFactoryAbi } from '@worldland-aa/sdk/abi/simpleAccountFactory'
import { pollByBlocks } from '@worldland-aa/sdk/account/pollByBlocks'
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import { type Address, encodeFunctionData, type Hash, type Hex, http, type PublicClient } from 'viem'
import {
  createBundlerClient,
  getUserOperationHash,
  type UserOperation,
  UserOperationReceiptNotFoundError,
} from 'viem/account-abstraction'
import { writeContract } from 'viem/actions'
import type { Operator } from './operator.ts'

export type Canary = {
  readonly account: Address
  readonly userOperationHash: Hash
  readonly blockNumber: bigint
}

export type CanaryOptions = {
  readonly client: PublicClient
  /** Pays the deposit, and owns the account. */
  readonly operator: Operator
  readonly bundlerUrl: string
  readonly chainId: number
  readonly entryPoint: Address
  readonly accountFactory: Address
  /** Tells the accounts of several canaries apart. */
  readonly salt: bigint
  readonly timeoutBlocks: bigint
}

/** What is not used stays the account's deposit: enough to deploy it at 100 gwei. */
export const canaryWei = 50_000_000_000_000_000n

/** Of the form that the account recovers some signer from: checking it costs what the right one does. */
const dummySignature: Hex = `0x${'ff'.repeat(15)}f0${'00'.repeat(16)}${'7a'.repeat(32)}1c`
const pollingMilliseconds = 1_000

/** Throws when it is refused, or has not landed within so many blocks. */
export async function sendCanary(options: CanaryOptions): Promise<Canary> {
  const { client, operator, chainId, entryPoint, accountFactory } = options
  const bundler = createBundlerClient({ client, transport: http(options.bundlerUrl, { timeout: 60_000 }) })
  const create = { abi: simpleAccountFactoryAbi, args: [operator.account.address, options.salt] } as const
  const account = await client.readContract({
    ...create,
    address: accountFactory,
    functionName: 'getAddress',
  })
  await depositFor(account, options)
  const fees = await client.estimateFeesPerGas()
  const unsigned = {
    sender: account,
    nonce: 0n,
    factory: accountFactory,
    factoryData: encodeFunctionData({ ...create, functionName: 'createAccount' }),
    callData: '0x' as const,
    maxFeePerGas: fees.maxFeePerGas * 2n,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
    signature: dummySignature,
  }
  const gas = await bundler.estimateUserOperationGas({ ...unsigned, entryPointAddress: entryPoint })
  const { callGasLimit, verificationGasLimit, preVerificationGas } = gas
  const operation = { ...unsigned, callGasLimit, verificationGasLimit, preVerificationGas }
  const raw = getUserOperationHash({
    chainId,
    entryPointAddress: entryPoint,
    entryPointVersion: '0.7',
    userOperation: operation as UserOperation<'0.7'>,
  })
  const signature = await operator.account.signMessage({ message: { raw } })
  const hash = await bundler.sendUserOperation({ ...operation, signature, entryPointAddress: entryPoint })
  const blockNumber = await pollByBlocks(client, {
    what: `Landing of the first operation ${hash}`,
    timeoutBlocks: options.timeoutBlocks,
    pollingMilliseconds,
    async look() {
      try {
        return (await bundler.getUserOperationReceipt({ hash })).receipt.blockNumber
      } catch (error) {
        if (error instanceof UserOperationReceiptNotFoundError) return undefined
        throw error
      }
    },
  })
  return { account, userOperationHash: hash, blockNumber }
}

async function depositFor(account: Address, { client, operator, entryPoint }: CanaryOptions): Promise<void> {
  const hash = await writeContract(operator, {
    account: operator.account,
    chain: operator.chain,
    address: entryPoint,
    abi: entryPoint07Abi,
    functionName: 'depositTo',
    args: [account],
    value: canaryWei,
  })
  await waitForTransaction(client, { hash })
}
