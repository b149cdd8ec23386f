// Clients that ask a paymaster for signatures, until it answers, whatever happens to it meanwhile; and somebody who lands
// some of what was signed.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { type Address, encodeFunctionData, type Hash, type Hex } from 'viem'
import {
  formatUserOperationRequest,
  getUserOperationHash,
  toPackedUserOperation,
  type UserOperation,
} from 'viem/account-abstraction'
import type { BenchAccount } from '../../scripts/bench/accounts.ts'
import type { TestChain } from './chain.ts'

export type Grant = {
  readonly hash: Hash
  readonly policyId: string
  readonly operation: UserOperation<'0.7'>
}

export type Asked =
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'refused'; readonly reason: string }

const defaultGas = {
  callGasLimit: 80_000n,
  verificationGasLimit: 100_000n,
  preVerificationGas: 45_000n,
  maxFeePerGas: 2_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
}
const stubSignature = `0x${'11'.repeat(64)}1b` as const

/** An approval by the account in a lane of its own. Asks again while nobody answers. */
export async function askForSignature(options: {
  readonly chain: TestChain
  readonly account: BenchAccount
  readonly lane: bigint
  readonly policyId: string
  readonly gas?: Partial<typeof defaultGas>
  /** Where the paymaster is just now; undefined while it is down. */
  readonly url: () => string | undefined
}): Promise<Asked> {
  const { chain, account, lane, policyId } = options
  const { entryPoint, contracts, chainId } = chain.deployment
  const unsigned: UserOperation<'0.7'> = {
    sender: account.address,
    nonce: lane << 64n,
    callData: approval(contracts.token, contracts.paymaster),
    ...defaultGas,
    ...options.gas,
    signature: stubSignature,
  }
  const params = [
    formatUserOperationRequest(unsigned),
    entryPoint,
    `0x${chainId.toString(16)}`,
    { sponsorshipPolicyId: policyId },
  ]
  const answer = await askUntilAnswered(options.url, 'pm_getPaymasterData', params)
  if ('error' in answer) return { kind: 'refused', reason: answer.error.data?.reason ?? answer.error.message }
  const { paymaster, paymasterData, ...limits } = answer.result as Record<string, Hex>
  const operation: UserOperation<'0.7'> = {
    ...unsigned,
    paymaster: paymaster as Address,
    paymasterData: paymasterData as Hex,
    paymasterVerificationGasLimit: BigInt(limits.paymasterVerificationGasLimit ?? 0),
    paymasterPostOpGasLimit: BigInt(limits.paymasterPostOpGasLimit ?? 0),
  }
  const hash = getUserOperationHash({
    userOperation: operation,
    chainId,
    entryPointAddress: entryPoint,
    entryPointVersion: '0.7',
  })
  return { kind: 'granted', grant: { hash, policyId, operation } }
}

/** With its account's own signature beside the paymaster's. */
export async function signGrant(
  accounts: readonly BenchAccount[],
  { hash, operation }: Grant,
): Promise<UserOperation<'0.7'>> {
  const account = accounts.find(({ address }) => address === operation.sender)
  const signature = await account?.owner.signMessage({ message: { raw: hash } })
  return { ...operation, signature: signature ?? '0x' }
}

/** One bundle, by the faucet's key; not waited for. */
export async function landGrants(
  chain: TestChain,
  accounts: readonly BenchAccount[],
  grants: readonly Grant[],
): Promise<void> {
  const operations = await Promise.all(grants.map(grant => signGrant(accounts, grant)))
  await chain.faucet.writeContract({
    address: chain.deployment.entryPoint,
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [operations.map(operation => toPackedUserOperation(operation)), chain.faucet.account.address],
    gas: 10_000_000n,
  })
}

function approval(token: Address, spender: Address): Hex {
  const call = encodeFunctionData({ abi: computeTokenAbi, functionName: 'approve', args: [spender, 1n] })
  return encodeFunctionData({ abi: simpleAccountAbi, functionName: 'execute', args: [token, 0n, call] })
}

type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly message: string; readonly data?: { readonly reason?: string } } }

async function askUntilAnswered(
  url: () => string | undefined,
  method: string,
  params: readonly unknown[],
): Promise<Answer> {
  for (;;) {
    try {
      const at = url()
      if (at !== undefined) {
        const response = await fetch(at, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        })
        const answer = (await response.json()) as Answer
        // A start that still waits for the chain says so: whoever asks asks again.
        if (!('error' in answer) || answer.error.data?.reason !== 'starting') return answer
      }
    } catch {
      // It has just been killed.
    }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
