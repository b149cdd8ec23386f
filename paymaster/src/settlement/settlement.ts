// Keeps the ledger on the chain's heels: every block, every reorg, and all that passed while the
// service was down.
import type { Block, BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { PublicClient } from 'viem'
import type { AdvanceReport, Landing } from '../ledger/advance.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Restoration } from '../ledger/restoration.ts'
import type { TokenCharges } from '../pricing/tokens/tokenCharges.ts'
import { type BlockFindings, type Charge, type Contracts, readFindings } from './landings.ts'
import { readDeposit } from './readDeposit.ts'

export type Settlement = Part & {
  /** Where the chain follower takes up; after `start`. */
  resumeFrom(): BlockReference
  onChainUpdate(update: ChainUpdate): Promise<void>
}

export type SettlementReport = AdvanceReport & { readonly charges: readonly Charge[] }

export type SettlementOptions = {
  readonly client: PublicClient
  readonly contracts: Contracts
  readonly ledger: Ledger
  /** Blocks on top after which nothing is expected to change. */
  readonly finalityBlocks: number
  /** How long rows are kept that are final or expired. */
  readonly retentionSeconds: number
  /** Adds to landings of unknown signatures what they count on. */
  readonly adopt: (landings: readonly Landing[]) => Promise<readonly Landing[]>
  /** Books what was paid in other tokens than the compute token. */
  readonly bookTokenCharges: TokenCharges['settle']
  /** Reads anew what bundlers are given beside the gas; what is signed from then on is reserved for with it. */
  readonly readTip: () => Promise<void>
  readonly restoration: Pick<Restoration, 'onFinalBlock'>
  readonly logger: Logger
  readonly onReport: (report: SettlementReport) => void
}

/** Blocks asked for at once when catching up; nodes limit the range of eth_getLogs. */
const rangeBlocks = 1_000n
const nothingFound: BlockFindings = { landings: [], charges: [], tokenCharges: [], isTipChanged: false }
/** Of what was signed for and never sent: for who looks into what just went wrong. */
const unsentRetentionSeconds = 3_600

export function createSettlement(options: SettlementOptions): Settlement {
  const { client, contracts, ledger, logger } = options
  const finalityBlocks = BigInt(options.finalityBlocks)
  let resume: BlockReference | undefined
  let isGivenUp = false

  async function settle(step: {
    readonly removed: readonly Block[]
    readonly findings: BlockFindings
    readonly head: BlockReference
  }): Promise<void> {
    const { removed, findings, head } = step
    // A block that is gone may be the one that had set it.
    if (findings.isTipChanged || removed.length > 0) await options.readTip()
    const [landings, depositWei, final] = await Promise.all([
      options.adopt(findings.landings),
      readDeposit(client, contracts),
      head.number < finalityBlocks
        ? undefined
        : client.getBlock({ blockNumber: head.number - finalityBlocks }),
    ])
    const report = await ledger.advance({
      removedBlocks: removed.map(block => block.hash),
      landings,
      head,
      depositWei,
      final,
    })
    await options.bookTokenCharges({
      removedBlocks: removed.map(block => block.hash),
      charges: findings.tokenCharges,
    })
    const operations = findings.landings.flatMap(one => (one.paidByUs ? [one.userOperationHash] : []))
    if (operations.length > 0) {
      logger.info({ upToBlock: String(head.number), operations }, 'operations that the deposit pays landed')
    }
    tell({ ...report, charges: findings.charges })
    // By the chain's time, and some at a time: a year's rows must not hold up a block.
    if (final === undefined) return
    await options.restoration.onFinalBlock(final.timestamp)
    const now = Number(final.timestamp)
    await ledger.prune({
      beforeSeconds: now - options.retentionSeconds,
      unsentBeforeSeconds: now - unsentRetentionSeconds,
    })
  }

  function tell(report: SettlementReport): void {
    const { included, undone, finalized, expired } = report
    if (included + undone + finalized + expired > 0) {
      logger.debug({ included, undone, finalized, expired }, 'settled')
    }
    for (const { userOperationHash, sender, costWei } of report.unknown) {
      logger.warn(
        { userOperationHash, sender, costWei: String(costWei) },
        'the deposit paid for an operation that this ledger did not sign, which counts on its policy: was it signed after a backup, or does another service use the same paymaster?',
      )
    }
    for (const { userOperationHash, sender, chargeWei, paid } of report.charges) {
      if (paid) continue
      logger.warn(
        { userOperationHash, sender, chargeWei: String(chargeWei) },
        'an operation did not pay: its sender owes it',
      )
    }
    options.onReport(report)
  }

  /** All blocks up to `last` without the chain follower's care. */
  async function catchUp(from: bigint, last: BlockReference): Promise<void> {
    for (let fromBlock = from; fromBlock <= last.number; fromBlock += rangeBlocks) {
      // How far it came is written: the next start goes on from there.
      if (isGivenUp) return
      const end = fromBlock + rangeBlocks - 1n
      const toBlock = end < last.number ? end : last.number
      const findings = await readFindings(client, contracts, { fromBlock, toBlock })
      const head = toBlock === last.number ? last : await blockAt(toBlock)
      await settle({ removed: [], findings, head })
      logger.info({ fromBlock: String(fromBlock), toBlock: String(toBlock) }, 'caught up')
    }
  }

  async function blockAt(number: bigint): Promise<BlockReference> {
    const { hash } = await client.getBlock({ blockNumber: number })
    return { number, hash }
  }

  /** What was not final is read again: a reorg may have changed it. The block up to which the ledger stands then. */
  async function takeUp(from: BlockReference, headNumber: bigint): Promise<BlockReference> {
    const finalNumber = headNumber > finalityBlocks ? headNumber - finalityBlocks : 0n
    const known = from.number > finalityBlocks ? from.number - finalityBlocks : 0n
    const safe = known < finalNumber ? known : finalNumber
    await ledger.rewind(await blockAt(safe))
    await options.bookTokenCharges({ removedBlocks: [], removedAbove: safe, charges: [] })
    const last = await blockAt(finalNumber)
    if (safe < finalNumber) await catchUp(safe + 1n, last)
    return last
  }

  /** As after a restart, with the blocks that are not final as well: the chain follower goes on behind `head`. */
  async function takeUpTo(head: BlockReference): Promise<void> {
    const position = await ledger.position()
    const last = await takeUp(position?.block ?? head, head.number)
    if (last.number < head.number) await catchUp(last.number + 1n, head)
    // The logs of a range are not of one chain when the chain moved meanwhile.
    if ((await blockAt(head.number)).hash !== head.hash) throw new Error('The chain moved while it was read')
  }

  return {
    name: 'settlement',
    resumeFrom() {
      if (resume === undefined) throw new Error('settlement has not started')
      return resume
    },
    async start() {
      const head = await client.getBlock({ blockTag: 'latest' })
      const position = await ledger.position()
      if (position === undefined) {
        resume = { number: head.number, hash: head.hash }
        await settle({ removed: [], findings: nothingFound, head: resume })
        return
      }
      resume = await takeUp(position.block, head.number)
    },
    giveUp() {
      isGivenUp = true
    },
    async stop() {},
    async onChainUpdate({ removed, added, head, isBeyondMemory }) {
      if (isBeyondMemory === true) return await takeUpTo(head)
      const found = await Promise.all(added.map(block => readFindings(client, contracts, { block })))
      const findings = {
        landings: found.flatMap(each => each.landings),
        charges: found.flatMap(each => each.charges),
        tokenCharges: found.flatMap(each => each.tokenCharges),
        isTipChanged: found.some(each => each.isTipChanged),
      }
      await settle({ removed, findings, head: { number: head.number, hash: head.hash } })
    },
  }
}
