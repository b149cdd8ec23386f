// How much a Deposited event brought. It tells only the sum afterwards, which within a bundle lacks what EntryPoint has
// taken for operations still to come: so the amount is taken from what says it by itself, where anything does.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import {
  type Abi,
  type Address,
  decodeFunctionData,
  getAddress,
  type Hash,
  type Hex,
  isAddressEqual,
  type PublicClient,
} from 'viem'

export type DepositAmount = {
  /** Undefined where only the balance at the end can tell. */
  readonly wei: bigint | undefined
  /** Who sent the transaction. */
  readonly from: Address
}

export async function readDepositAmount(options: {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly paymaster: Address
  readonly transactionHash: Hash
  readonly refilledWei: bigint | undefined
  /** What the event says less what was there before. */
  readonly differenceWei: bigint
  /** Operations that the deposit pays stand in the same transaction. */
  readonly isInBundle: boolean
}): Promise<DepositAmount> {
  const { client, entryPoint, paymaster, transactionHash, refilledWei, differenceWei, isInBundle } = options
  const { to, input, value, ...sent } = await client.getTransaction({ hash: transactionHash })
  const from = getAddress(sent.from)
  if (refilledWei !== undefined) return { from, wei: refilledWei }
  const isOurs = to !== null && isAddressEqual(to, paymaster)
  if (isOurs && nameOf(computePaymasterAbi, input) === 'deposit') return { from, wei: value }
  const isTheirs = to !== null && isAddressEqual(to, entryPoint)
  if (isTheirs && nameOf(entryPoint07Abi, input) === 'depositTo') return { from, wei: value }
  return { from, wei: isInBundle ? undefined : differenceWei }
}

function nameOf(abi: Abi, data: Hex): string | undefined {
  try {
    return decodeFunctionData({ abi, data }).functionName
  } catch {
    return undefined
  }
}
