// What became of each transaction of the treasury, by every block: a reorg may take it out of one, and another
// transaction may use its nonce. Told as final only when no reorg is expected to change it.
import type { Logger } from '@worldland-aa/service/logger'
import {
  type Address,
  type Hash,
  type PublicClient,
  TransactionNotFoundError,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
} from 'viem'
import type { Journal, Outcome, Row } from './journal.ts'

/** Blocks after which a transaction that no node knows is told to be lost. */
const patienceBlocks = 20n

export type Follower = {
  /** One at a time; what the node does not answer changes nothing. */
  onBlock(head: bigint): Promise<void>
}

export function createFollower(options: {
  readonly client: PublicClient
  readonly journal: Journal
  readonly finalityBlocks: number
  readonly onChange: (id: number) => void
  readonly logger: Logger
}): Follower {
  const { client, journal, onChange, logger } = options
  const finalityBlocks = BigInt(options.finalityBlocks)
  let running: Promise<void> | undefined

  async function findReceipt(hashes: readonly Hash[]): Promise<TransactionReceipt | undefined> {
    for (const hash of hashes) {
      try {
        return await client.getTransactionReceipt({ hash })
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError)) throw error
      }
    }
    return undefined
  }

  async function isKnown(hashes: readonly Hash[]): Promise<boolean> {
    for (const hash of hashes) {
      try {
        await client.getTransaction({ hash })
        return true
      } catch (error) {
        if (!(error instanceof TransactionNotFoundError)) throw error
      }
    }
    return false
  }

  async function outcomeOf(row: Row, head: bigint): Promise<Outcome | undefined> {
    const hashes = await journal.hashesOf(row.id)
    const receipt = await findReceipt(hashes)
    const final = head - finalityBlocks
    if (receipt !== undefined) {
      const { blockNumber, transactionHash: hash, status } = receipt
      // Its block is not taken in yet, and with it what it did to the deposit.
      if (blockNumber > head) return undefined
      const settled = blockNumber <= final
      if (status === 'success') return { state: settled ? 'final' : 'mined', hash, blockNumber, settled }
      return { state: 'reverted', hash, blockNumber, settled, problem: 'the chain undid it' }
    }
    const address = row.from_address as Address
    const nonce = row.nonce ?? 0
    if ((await client.getTransactionCount({ address })) > nonce) {
      const settled =
        final >= 0n && (await client.getTransactionCount({ address, blockNumber: final })) > nonce
      return {
        state: 'replaced',
        settled,
        problem: `another transaction of ${address} used its nonce ${nonce}`,
      }
    }
    const isOverdue = head > BigInt(row.sent_at_block ?? 0) + patienceBlocks
    if (isOverdue && !(await isKnown(hashes))) {
      return { state: 'lost', problem: 'no node knows it: send another one' }
    }
    return { state: 'sent' }
  }

  async function look(head: bigint): Promise<void> {
    for (const row of await journal.open()) {
      if (row.state === 'queued') continue
      const outcome = await outcomeOf(row, head)
      if (outcome === undefined) continue
      const isSame =
        outcome.state === row.state &&
        (outcome.blockNumber === undefined || Number(outcome.blockNumber) === row.block_number) &&
        outcome.settled !== true
      if (isSame) continue
      await journal.outcome(row, outcome)
      logger.info({ id: row.id, kind: row.kind, ...outcome }, 'a treasury transaction went on')
      onChange(row.id)
    }
  }

  return {
    async onBlock(head) {
      running ??= look(head)
        .catch(error => logger.debug({ error }, 'what became of treasury transactions could not be read'))
        .finally(() => {
          running = undefined
        })
      await running
    },
  }
}
