// Which exposures are asked for at each block, and what SQLite finds them by.
import { sql } from 'kysely'

/**
 * Of exposures. In these very words, for SQLite takes an index of some rows only where a question says them: what is
 * closed grows with every wish of anyone's, and what is asked for at each block must not go through all of that.
 */
export const isOpen = sql<boolean>`exposure.state in ('RESERVED', 'INCLUDED')`
export const isClosed = sql<boolean>`exposure.state in ('FINAL', 'EXPIRED')`
/** Expired in no block, whoever might have paid. */
export const isUnsent = sql<boolean>`exposure.state = 'EXPIRED' and exposure.landed_block_hash is null`
