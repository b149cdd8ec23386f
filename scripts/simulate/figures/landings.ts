// Which operations landed in the chain that stands, when, by whom, and what gas that took.
import type { Block } from '../chain/block.ts'
import type { Operation } from '../operations.ts'

export type Landing = {
  readonly operation: Operation
  /** From the head at which it was sent: 1 is the next block. */
  readonly blocks: number
  readonly seconds: number
  /** In which its bundle was sent: `0` for the leader; `none` out of turn. */
  readonly rank: string
}

export type Landings = {
  readonly all: readonly Landing[]
  readonly gas: { used: number; wasted: number }
  readonly transactions: { landed: number; reverted: number; nothing: number; cancelled: number }
  landedTwice(): number
  settled(block: Block): void
}

export function createLandings(): Landings {
  const all: Landing[] = []
  const gas = { used: 0, wasted: 0 }
  const transactions = { landed: 0, reverted: 0, nothing: 0, cancelled: 0 }

  return {
    all,
    gas,
    transactions,
    landedTwice() {
      const nonces = all.map(({ operation }) => {
        const { sender, nonce } = operation.validated.userOperation
        return `${sender}:${nonce}`
      })
      return nonces.length - new Set(nonces).size
    },
    settled({ height, seconds, outcomes }) {
      for (const { transaction, landed, gasUsed, wastedGas, result } of outcomes) {
        transactions[result]++
        gas.used += gasUsed
        gas.wasted += wastedGas
        for (const operation of landed) {
          all.push({
            operation,
            blocks: height - operation.sentAtHeight,
            seconds: seconds - operation.sentAt,
            rank: transaction.rank === undefined ? 'none' : String(transaction.rank),
          })
        }
      }
    },
  }
}
