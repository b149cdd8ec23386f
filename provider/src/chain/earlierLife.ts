// Whether transactions of the same key wait in mempools that this process knows nothing of: an earlier life of the daemon
// sent them, and what they do must be seen before anything is sent a second time. Where they hang, they are called off:
// all that is new would queue up behind them.
import type { Logger } from '@worldland-aa/service/logger'
import { formatEther } from 'viem'
import { type Attempt, type AttemptTools, offerEmpty, pressOn } from './transactionAttempt.ts'

export type EarlierLife = {
  /** Asked before a transaction is sent; once it is false, it stays so. */
  isUnderWay(atBlock: bigint): Promise<boolean>
}

/** Blocks in which none of them was mined; a pong has two dozen. */
const patienceBlocks = 3n
/** What a node keeps of one key that is not mined. */
const mostAtOnce = 64

const waits =
  'transactions of an earlier life of this daemon wait in the mempool: nothing new is sent before they are mined'
const hanging =
  'transactions of an earlier life of this daemon hang in the mempool: they are called off by empty ones that pay more'

export function createEarlierLife(tools: AttemptTools & { readonly logger: Logger }): EarlierLife {
  const { client, account, logger } = tools
  const { address } = account
  /** By nonce: what takes the place of those that hang. */
  const empty = new Map<number, Attempt>()
  let standstill: { readonly nonce: number; readonly sinceBlock: bigint } | undefined
  let pressedAtBlock: bigint | undefined
  let isOver = false
  /** Each is told once. */
  const told = new Set<string>()

  function tell(level: 'info' | 'warn', says: string, facts: object = {}): void {
    if (told.has(says)) return
    told.add(says)
    logger[level]({ address, ...facts }, says)
  }

  async function callOff(nonce: number, atBlock: bigint): Promise<void> {
    const present = empty.get(nonce)
    empty.set(
      nonce,
      present === undefined
        ? await offerEmpty(tools, nonce, atBlock)
        : await pressOn(tools, present, atBlock),
    )
  }

  /** What a node refuses for lack of coin hangs on, and so does all behind it. */
  async function warnOfCoin(): Promise<void> {
    const costs = [...empty.values()].map(({ gas, fees }) => gas * fees.maxFeePerGas)
    const neededWei = costs.reduce((sum, wei) => sum + wei, 0n)
    const coinWei = await client.getBalance({ address })
    if (coinWei >= neededWei) return
    const coin = { coin: formatEther(coinWei), needed: formatEther(neededWei) }
    tell(
      'warn',
      'the key holds less native coin than it takes to call off what hangs in the mempool: send coin to it',
      coin,
    )
  }

  return {
    async isUnderWay(atBlock) {
      if (isOver) return false
      const [latest, pending] = await Promise.all([
        client.getTransactionCount({ address, blockTag: 'latest' }),
        client.getTransactionCount({ address, blockTag: 'pending' }),
      ])
      isOver = pending <= latest
      if (isOver) {
        empty.clear()
        if (told.size > 0) tell('info', 'nothing of an earlier life waits in the mempool any more')
        return false
      }
      tell('info', waits, { transactions: pending - latest, nonce: latest })
      if (standstill?.nonce !== latest) standstill = { nonce: latest, sinceBlock: atBlock }
      const hangs = atBlock - standstill.sinceBlock >= patienceBlocks || empty.has(latest)
      if (hangs && pressedAtBlock !== atBlock) {
        pressedAtBlock = atBlock
        for (const nonce of empty.keys()) if (nonce < latest) empty.delete(nonce)
        tell('warn', hanging, { transactions: pending - latest, nonce: latest })
        for (let nonce = latest; nonce < Math.min(pending, latest + mostAtOnce); nonce++)
          await callOff(nonce, atBlock)
        await warnOfCoin()
      }
      return true
    },
  }
}
