// How much a Deposited event brought. It tells only the sum afterwards, which within a bundle lacks what EntryPoint has
// taken for operations still to come: so the amount is taken from what says it by itself, where anything does.
import {
  type Address,
  getAddress,
  type Hash,
  isAddressEqual,
  type PublicClient,
  toFunctionSelector,
} from 'viem'

export type DepositAmount = {
  /** Undefined where only the balance at the end can tell. */
  readonly wei: bigint | undefined
  /** Who sent the transaction. */
  readonly from: Address
}

// What follows the selector is a stranger's, and nothing of it is needed.
const deposit = toFunctionSelector('deposit()')
const depositTo = toFunctionSelector('depositTo(address)')

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
  if (isOurs && input.startsWith(deposit)) return { from, wei: value }
  const isTheirs = to !== null && isAddressEqual(to, entryPoint)
  if (isTheirs && input.startsWith(depositTo)) return { from, wei: value }
  return { from, wei: isInBundle ? undefined : differenceWei }
}
