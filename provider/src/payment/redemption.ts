// Turns vouchers into tokens: many lanes in one transaction, in time, and again when a reorg took it back. It keeps nothing:
// the ledger says what was signed, the chain what is redeemed, and what lies between is due.
import { createHash } from 'node:crypto'
import * as serverlessSession from '@worldland-aa/sdk/abi/serverlessSession'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { redeemVouchers } from '@worldland-aa/sdk/provider/redeemVouchers'
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { PublicClient } from 'viem'
import type { Sender } from '../chain/sender.ts'
import type { LaneBook } from './laneBook.ts'
import type { LaneStandings } from './laneStandings.ts'
import type { PaymentMetrics } from './paymentMetrics.ts'
import { gasOfVoucher, type LaneStanding, planRedemption } from './redemptionPlan.ts'
import type { UnpaidVouchers } from './unpaidVouchers.ts'

export type Redemption = {
  /** Returns at once; what it sets going is done before the next one begins. */
  onChainUpdate(update: ChainUpdate): void
  /** Why nothing could be redeemed at the last block, or the last batch was not sent; undefined: nothing is wrong. */
  problem(): string | undefined
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

type Batch = { readonly purpose: string; readonly standings: readonly LaneStanding[] }

const gasOfBatch = 100_000n
const mostVouchersAtOnce = 100

export function createRedemption(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly sender: Sender
  readonly book: Pick<LaneBook, 'noteShown'>
  readonly standings: LaneStandings
  readonly unpaid: UnpaidVouchers
  /** Everything that pays its gas is redeemed at once. */
  readonly isDraining: () => boolean
  readonly metrics: PaymentMetrics
  readonly logger: Logger
}): Redemption {
  const { client, contracts, sender, book, standings, unpaid, metrics, logger } = options
  let sent: Batch | undefined
  /** How often a set of vouchers landed, since the last reorg, and was not paid all the same. */
  const landings = new Map<string, number>()
  let isReorganised = false
  let problem: string | undefined
  let outage: string | undefined
  let working: Promise<void> | undefined
  let newest: Block | undefined

  function tellUnpaid({ account, payableWei }: LaneStanding, says: string): void {
    metrics.redemptionRefused()
    const { payer, signed } = account
    logger.error({ lane: payer.lane, signer: signed.signer, payableWei: payableWei.toString() }, says)
  }

  /** What the chain would pay of it now, each in all the gas it would have. */
  async function tried(batch: readonly LaneStanding[], head: Block): Promise<readonly LaneStanding[]> {
    const { result } = await client.simulateContract({
      address: contracts.serverlessSession,
      abi: [serverlessSession.redeemMany],
      functionName: 'redeemMany',
      args: [batch.map(({ account }) => account.signed)],
      account: sender.address,
    })
    const [would, wouldNot] = [true, false].map(isWanted =>
      batch.filter((_, index) => (result[index] ?? 0n) > 0n === isWanted),
    ) as [LaneStanding[], LaneStanding[]]
    for (const standing of wouldNot) {
      // Redeemed meanwhile, by what an earlier life of the daemon sent: the next look sees it.
      if (await isPaid(standing)) continue
      unpaid.triedInVain(standing, head.number)
      tellUnpaid(
        standing,
        'the chain would not redeem a voucher: its signer disowns it, or its right ended too long ago',
      )
    }
    return would
  }

  async function isPaid({ account }: LaneStanding): Promise<boolean> {
    const { sessionId, rightId, sequence } = account.signed.voucher
    const lane = await client.readContract({
      address: contracts.serverlessSession,
      abi: [serverlessSession.laneOf],
      functionName: 'laneOf',
      args: [sessionId, rightId],
    })
    return lane.sequence >= sequence
  }

  /** `redeemMany` succeeds whatever it pays: only the lanes say what it did. */
  async function takeStock(batch: readonly LaneStanding[], head: Block): Promise<void> {
    const arePaid = await Promise.all(batch.map(isPaid))
    const paid = batch.filter((_, index) => arePaid[index])
    for (const standing of paid) unpaid.paid(standing)
    const sumWei = paid.reduce((sum, { payableWei }) => sum + payableWei, 0n)
    metrics.redeemed(sumWei, paid.length)
    if (paid.length > 0)
      logger.info({ vouchers: paid.length, wei: sumWei.toString() }, 'vouchers were redeemed')
    if (paid.length === batch.length) return
    landings.set(digestOf(batch), (landings.get(digestOf(batch)) ?? 0) + 1)
    for (const [index, standing] of batch.entries()) {
      if (arePaid[index]) continue
      unpaid.landedInVain(standing, head.number)
      tellUnpaid(
        standing,
        'a voucher landed and was not paid, though its trial was: its signer may be a contract that disowns it',
      )
    }
  }

  /** Whether the way is free for another. */
  async function followUp(head: Block): Promise<boolean> {
    if (sent === undefined) return true
    const { purpose, standings: batch } = sent
    const submitted = await sender.submit(purpose, callsOf(batch), { leastGas: gasOf(batch) })
    if (submitted.ok && submitted.value.state === 'pending') return false
    if (submitted.ok) await takeStock(batch, head)
    sent = undefined
    standings.lookAgain(batch.map(({ account }) => account.payer.lane))
    problem = submitted.ok ? undefined : submitted.refusal.message
    if (!submitted.ok) {
      logger.warn({ ...submitted.refusal, vouchers: batch.length }, 'a redemption was refused')
      for (const standing of batch) unpaid.postpone(standing, head.number)
      return true
    }
    // In a block that is not looked at yet: what it paid would look open.
    return submitted.value.state === 'landed' && submitted.value.blockNumber <= head.number
  }

  const callsOf = (batch: readonly LaneStanding[]) =>
    redeemVouchers.calls({ contracts, signed: batch.map(({ account }) => account.signed) })

  /** What landed and was not paid is sent anew. */
  function purposeOf(batch: readonly LaneStanding[]): string {
    const digest = digestOf(batch)
    const again = landings.get(digest)
    const what = `redeem ${batch.length} vouchers (${digest})`
    return again === undefined ? what : `${what}, after ${again} landings`
  }

  async function work(head: Block): Promise<void> {
    if (isReorganised) {
      isReorganised = false
      standings.lookAtAll()
      landings.clear()
    }
    if (!(await followUp(head))) return
    const waiting = (await standings.look(head.number)).filter(
      ({ account }) => !unpaid.isResting(account.payer.lane, head.number),
    )
    if (waiting.length === 0) return
    const due = planRedemption(waiting, {
      gasPriceWei: await client.getGasPrice(),
      isDraining: options.isDraining(),
    })
    // What waits is looked at again at its turn; what is due and finds no room now, at once.
    standings.lookAgain(due.map(({ account }) => account.payer.lane))
    const batch = await tried(fitting(due, head), head)
    if (batch.length === 0) return
    for (const { account } of batch) book.noteShown(account.payer.lane, account.signed.voucher.sequence)
    sent = { purpose: purposeOf(batch), standings: batch }
    await followUp(head)
  }

  async function workOff(): Promise<void> {
    for (let head = newest; head !== undefined; head = newest) {
      newest = undefined
      try {
        await work(head)
        outage = undefined
      } catch (error) {
        outage = 'the node or the disk does not answer; the log says more'
        logger.warn({ error }, 'redeeming failed; trying again at the next block')
      }
    }
    working = undefined
  }

  return {
    onChainUpdate({ removed, head }) {
      if (removed.length > 0) isReorganised = true
      newest = head
      working ??= workOff()
    },
    problem: () => outage ?? problem,
    async settled() {
      await working
    },
  }
}

function gasOf(batch: readonly LaneStanding[]): bigint {
  return batch.reduce((sum, standing) => sum + gasOfVoucher(standing), gasOfBatch)
}

/** As many as a third of a block has room for: it has other transactions too. */
function fitting(due: readonly LaneStanding[], { gasLimit }: Block): readonly LaneStanding[] {
  const batch: LaneStanding[] = []
  for (const standing of due.slice(0, mostVouchersAtOnce)) {
    if (batch.length > 0 && gasOf([...batch, standing]) > gasLimit / 3n) break
    batch.push(standing)
  }
  return batch
}

/** The same set is the same purpose, after a restart and a reorg too. */
function digestOf(batch: readonly LaneStanding[]): string {
  const text = batch.map(({ account }) => `${account.payer.lane}:${account.signed.voucher.sequence}`).join()
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
