// Says of the operations of this node which have become final: for the log, in which each can be followed to its end.
import type { Logger } from '@worldland-aa/service/logger'
import type { Database } from '../database.ts'

export type Finality = {
  /** After the inclusions up to `head` are taken in. */
  tell(head: bigint): Promise<void>
}

/** In one line; a node that was away for long has more of them than anyone reads. */
const mostOperations = 1_000

export function createFinality(options: {
  readonly database: Database
  readonly finalityBlocks: number
  readonly logger: Logger
}): Finality {
  const { database, logger } = options
  /** All up to here are told, or were final before the start. */
  let toldTo: bigint | undefined
  return {
    async tell(head) {
      const finalBlock = head - BigInt(options.finalityBlocks)
      const from = toldTo ?? finalBlock - 1n
      if (finalBlock <= from) return
      toldTo = finalBlock
      const rows = await database
        .selectFrom('inclusion')
        .innerJoin('operation', 'operation.hash', 'inclusion.operation_hash')
        .select('inclusion.operation_hash')
        .where('inclusion.block_number', '>', Number(from))
        .where('inclusion.block_number', '<=', Number(finalBlock))
        .limit(mostOperations)
        .execute()
      if (rows.length === 0) return
      logger.info(
        { upToBlock: finalBlock, operations: rows.map(row => row.operation_hash) },
        'operations are final',
      )
    },
  }
}
