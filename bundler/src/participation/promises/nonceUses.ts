// Which operations landed, by sender and nonce: what the receipt stage wrote down, whoever bundled them.
import type { Address, Hash } from 'viem'
import type { Database } from '../../database.ts'
import type { NonceUse } from './promiseState.ts'

/** An account's one place for an operation, on which a promise hangs. */
export function placeOf({ sender, nonce }: { readonly sender: Address; readonly nonce: bigint }): string {
  return `${sender.toLowerCase()}:${nonce}`
}

/** In that block and above. */
export async function readNonceUses(
  database: Database,
  fromBlock: bigint,
): Promise<readonly (readonly [place: string, NonceUse])[]> {
  const rows = await database
    .selectFrom('inclusion')
    .select(['sender', 'nonce', 'operation_hash', 'block_number'])
    .where('block_number', '>=', Number(fromBlock))
    .execute()
  return rows.map(row => [
    placeOf({ sender: row.sender as Address, nonce: BigInt(row.nonce) }),
    { operationHash: row.operation_hash as Hash, blockNumber: BigInt(row.block_number) },
  ])
}
