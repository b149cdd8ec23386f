// What was earned, to the wei: final blocks are written down once, what a reorg may still take back is read anew each time.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import type { Address } from 'viem'
import type { ProviderSchema } from '../database.ts'
import type { Earning, EarningsReader } from './readEarnings.ts'

export type Earnings = Part & {
  onBlock(): void
  final(): Promise<readonly Earning[]>
  notFinal(): Promise<readonly Earning[]>
  /** The first block that is counted. */
  sinceBlock(): Promise<bigint>
  /** Agreements of the payer that were paid for, in final blocks. */
  paidAgreements(payer: Address): Promise<number>
}

/** As nodes bound one search of their logs. */
const blocksPerSearch = 1_000n

export function createEarnings(options: {
  readonly database: Kysely<ProviderSchema>
  readonly commits: Pick<GroupCommit<ProviderSchema>, 'commit'>
  readonly read: EarningsReader
  readonly head: () => BlockReference
  readonly finalityBlocks: number
  /** Where the first start begins to count. Default: its own head. */
  readonly fromBlock: number | undefined
  readonly logger: Logger
}): Earnings {
  const { database, commits, read, head, finalityBlocks, fromBlock } = options
  const outage = createOutageLog(options.logger)
  let reading: Promise<void> | undefined
  let isStopped = false

  async function nextBlock(): Promise<bigint> {
    const row = await database.selectFrom('earning_search').select('next_block').executeTakeFirst()
    if (row !== undefined) return BigInt(row.next_block)
    const next_block = fromBlock ?? Number(head().number)
    await commits.commit(transaction =>
      transaction
        .insertInto('earning_search')
        .values({ only: 1, next_block, since_block: next_block })
        .execute(),
    )
    return BigInt(next_block)
  }

  async function writeDown(earnings: readonly Earning[], next: bigint): Promise<void> {
    const rows = earnings.map(({ blockNumber, logIndex, agreementId, payer, wei, kind, timestamp }) => ({
      ...{ kind, timestamp, log_index: logIndex, block_number: Number(blockNumber) },
      ...{ agreement_id: String(agreementId), payer: payer.toLowerCase(), wei: String(wei) },
    }))
    await commits.commit(async transaction => {
      for (const row of rows)
        await transaction
          .insertInto('earning')
          .values(row)
          .onConflict(conflict => conflict.doNothing())
          .execute()
      await transaction
        .updateTable('earning_search')
        .set({ next_block: Number(next) })
        .execute()
    })
  }

  async function goOn(): Promise<void> {
    for (let from = await nextBlock(); !isStopped; ) {
      const last = head().number - BigInt(finalityBlocks)
      if (from > last) return
      const end = from + blocksPerSearch - 1n
      const to = end < last ? end : last
      await writeDown(await read({ from, to }), to + 1n)
      from = to + 1n
    }
  }

  function onBlock(): void {
    if (isStopped || reading !== undefined) return
    reading = goOn()
      .then(() => outage.over('earnings are read again'))
      .catch(error => outage.begun({ error }, 'earnings cannot be read; trying again'))
      .finally(() => {
        reading = undefined
      })
  }

  return {
    name: 'earnings',
    onBlock,
    async start() {
      onBlock()
    },
    async stop() {
      isStopped = true
      await reading
    },
    async final() {
      const rows = await database.selectFrom('earning').selectAll().orderBy('block_number').execute()
      return rows.map(row => ({
        ...{ kind: row.kind, timestamp: row.timestamp, logIndex: row.log_index, wei: BigInt(row.wei) },
        ...{ blockNumber: BigInt(row.block_number), agreementId: BigInt(row.agreement_id) },
        payer: row.payer as Address,
      }))
    },
    async notFinal() {
      const [from, to] = [await nextBlock(), head().number]
      const first = to - BigInt(finalityBlocks)
      // Far behind, it is not asked for all at once: what is final comes by itself.
      return await read({ from: from > first ? from : first + 1n, to })
    },
    async sinceBlock() {
      await nextBlock()
      const row = await database.selectFrom('earning_search').select('since_block').executeTakeFirst()
      return BigInt(row?.since_block ?? 0)
    },
    async paidAgreements(payer) {
      const rows = await database
        .selectFrom('earning')
        .select(['kind', 'agreement_id'])
        .distinct()
        .where('payer', '=', payer.toLowerCase())
        .where('kind', 'in', ['lease', 'session'])
        .execute()
      return rows.length
    },
  }
}
