// Hands a signed transaction to the node and makes sense of the answer. JSON-RPC has no codes for what
// a transaction pool says, so its words are read; where they say nothing known, the node is asked
// whether it has the transaction.
import { BaseError, HttpRequestError, type PublicClient, TimeoutError, TransactionNotFoundError } from 'viem'
import type { SignedTransaction } from './nonceSlot.ts'

export type BroadcastOutcome =
  /** The node has it. */
  | 'accepted'
  /** Some transaction with this nonce is in a block already. */
  | 'nonce used'
  /** Too cheap: for the base fee, for the pool, or to replace what has its nonce. */
  | 'underpriced'
  /** The executor cannot pay for it. */
  | 'poor'
  /** The node did not answer, or cannot take it now. */
  | 'unreachable'
  /** The node will not have it. */
  | 'refused'

export type Broadcast = { readonly outcome: BroadcastOutcome; readonly error?: unknown }

/** In lower case; geth, erigon, nethermind, besu, reth and anvil. The first match counts. */
const phrases: readonly (readonly [BroadcastOutcome, readonly string[]])[] = [
  ['accepted', ['already known', 'already imported', 'known transaction', 'already exists', 'alreadyknown']],
  ['nonce used', ['nonce too low', 'nonce is too low', 'oldnonce', 'nonce has already been used']],
  ['underpriced', ['underpriced', 'gas price too low', 'feetoolow', 'less than block base fee']],
  ['poor', ['insufficient funds', 'insufficientfunds', 'insufficient balance', 'upfront cost']],
  ['unreachable', ['txpool is full', 'pool limit', 'queue limit', 'too many requests']],
]

export async function broadcast(client: PublicClient, transaction: SignedTransaction): Promise<Broadcast> {
  try {
    await client.sendRawTransaction({ serializedTransaction: transaction.signed })
    return { outcome: 'accepted' }
  } catch (error) {
    const outcome = readOutcome(error)
    if (outcome !== undefined) return { outcome, error }
    return { outcome: (await isKnown(client, transaction)) ? 'accepted' : 'refused', error }
  }
}

function readOutcome(error: unknown): BroadcastOutcome | undefined {
  if (!(error instanceof BaseError)) return 'unreachable'
  if (error.walk(cause => cause instanceof HttpRequestError || cause instanceof TimeoutError) !== null) {
    return 'unreachable'
  }
  const words = error.details.toLowerCase()
  return phrases.find(([, known]) => known.some(phrase => words.includes(phrase)))?.[0]
}

async function isKnown(client: PublicClient, { hash }: SignedTransaction): Promise<boolean> {
  try {
    await client.getTransaction({ hash })
    return true
  } catch (error) {
    // A node that does not answer has not refused.
    return !(error instanceof TransactionNotFoundError)
  }
}
