// The end of sessions, from the provider's side: one that is over, and whose vouchers are redeemed for good, is closed, so
// that its unit and its bond are free and its payer has the rest back. To close is to waive what is not redeemed: so it is
// asked for at a block that no reorg is expected to reach.
import * as serverlessSession from '@worldland-aa/sdk/abi/serverlessSession'
import { type Call, toCall } from '@worldland-aa/sdk/account/call'
import { type Session, toSession } from '@worldland-aa/sdk/actions/session/session'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { closeSessionAsProvider } from '@worldland-aa/sdk/provider/closeSessionAsProvider'
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import { isAddressEqual, type PublicClient } from 'viem'
import type { Sender } from '../chain/sender.ts'
import type { ChainFacts } from './chainFacts.ts'
import type { LaneBook } from './laneBook.ts'
import { gasOfVoucher } from './redemptionPlan.ts'
import type { UnpaidVouchers } from './unpaidVouchers.ts'

export type SessionEnds = {
  /** Returns at once. */
  onChainUpdate(update: ChainUpdate): void
  settled(): Promise<void>
  /** Of this provider, not finalized as far as is known. */
  openSessions(): readonly bigint[]
}

/** Sessions that nobody knows of yet are looked up so many at a time. */
const lookedUpPerBlock = 100n
/** A reorg may give the newest ids to others. */
const idsInDoubt = 64n
const blocksBetweenLooks = 30n

export function createSessionEnds(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly sender: Sender
  readonly book: LaneBook
  readonly facts: Pick<ChainFacts, 'isContract'>
  readonly unpaid: Pick<UnpaidVouchers, 'isGivenUp'>
  readonly finalityBlocks: number
  readonly logger: Logger
}): SessionEnds {
  const { client, contracts, sender, book, facts, unpaid, logger } = options
  const finalityBlocks = BigInt(options.finalityBlocks)
  const mine = new Set<bigint>()
  const lookedAt = new Map<bigint, bigint>()
  let lastId = 0n
  let working: Promise<void> | undefined
  let newest: Block | undefined

  const inSession = { address: contracts.serverlessSession } as const

  async function readSession(sessionId: bigint, blockNumber: bigint): Promise<Session> {
    const struct = await client.readContract({
      ...inSession,
      abi: [serverlessSession.sessionOf],
      functionName: 'sessionOf',
      args: [sessionId],
      blockNumber,
    })
    return toSession(struct, { sessionId, blockNumber })
  }

  /** At a block that is final, where ids are never given anew. */
  async function discover(finalBlock: bigint): Promise<void> {
    const count = await client.readContract({
      ...inSession,
      abi: [serverlessSession.sessionCount],
      functionName: 'sessionCount',
      blockNumber: finalBlock,
    })
    const until = count < lastId + lookedUpPerBlock ? count : lastId + lookedUpPerBlock
    const ids = Array.from({ length: Number(until - lastId) }, (_, index) => lastId + BigInt(index) + 1n)
    for (const { sessionId, provider, state } of await Promise.all(
      ids.map(id => readSession(id, finalBlock)),
    )) {
      if (state !== 'finalized' && isAddressEqual(provider, sender.address)) mine.add(sessionId)
    }
    lastId = until
  }

  /** What closing would waive, as of the final block; what is less than its gas, or was disowned, is worth nothing. */
  async function waivedWei(sessionId: bigint, blockNumber: bigint): Promise<bigint> {
    const gasPriceWei = await client.getGasPrice()
    let sumWei = 0n
    for (const { payer, signed } of book.ofSession(sessionId)) {
      if (unpaid.isGivenUp(payer.lane)) continue
      const { cumulativeWei } = await client.readContract({
        ...inSession,
        abi: [serverlessSession.laneOf],
        functionName: 'laneOf',
        args: [sessionId, payer.rightId],
        blockNumber,
      })
      const leftWei = signed.voucher.cumulativeWei - cumulativeWei
      const isContract = await facts.isContract({ payer, signer: signed.signer })
      if (leftWei > gasOfVoucher({ isContract }) * gasPriceWei) sumWei += leftWei
    }
    return sumWei
  }

  function callThatEnds({ sessionId, state }: Session): Call {
    const [close] = closeSessionAsProvider.calls({ contracts, sessionId })
    if (state === 'open' && close !== undefined) return close
    return toCall(contracts.serverlessSession, {
      abi: [serverlessSession.finalize],
      functionName: 'finalize',
      args: [sessionId],
    })
  }

  async function see(sessionId: bigint, head: Block, finalBlock: bigint): Promise<void> {
    const [final, now] = await Promise.all([
      readSession(sessionId, finalBlock),
      readSession(sessionId, head.number),
    ])
    if (final.state === 'finalized') {
      mine.delete(sessionId)
      lookedAt.delete(sessionId)
      for (const { payer } of book.ofSession(sessionId)) await book.close(payer.lane)
      return
    }
    const isOver = final.state === 'closing' || Number(head.timestamp) > final.expiresAtTimestamp
    if (!isOver || now.state === 'finalized' || (await waivedWei(sessionId, finalBlock)) > 0n) return
    const sent = await sender.submit(`end session ${sessionId} (${now.state})`, [callThatEnds(now)])
    if (!sent.ok)
      logger.warn({ ...sent.refusal, sessionId: sessionId.toString() }, 'a session could not be ended')
  }

  async function work(head: Block): Promise<void> {
    const finalBlock = head.number - finalityBlocks
    if (finalBlock < 0n) return
    await discover(finalBlock)
    for (const sessionId of mine) {
      const last = lookedAt.get(sessionId)
      if (last !== undefined && head.number >= last && head.number - last < blocksBetweenLooks) continue
      lookedAt.set(sessionId, head.number)
      await see(sessionId, head, finalBlock)
    }
  }

  async function workOff(): Promise<void> {
    for (let head = newest; head !== undefined; head = newest) {
      newest = undefined
      try {
        await work(head)
      } catch (error) {
        logger.warn({ error }, 'sessions could not be looked at; trying again at the next block')
      }
    }
    working = undefined
  }

  return {
    onChainUpdate({ removed, head }) {
      // Deeper than what was taken for final: the ids above may be others' now.
      if (BigInt(removed.length) > finalityBlocks) lastId = lastId > idsInDoubt ? lastId - idsInDoubt : 0n
      newest = head
      working ??= workOff()
    },
    async settled() {
      await working
    },
    openSessions: () => [...mine],
  }
}
