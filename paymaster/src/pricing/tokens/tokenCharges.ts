// What operations paid in other ERC-20s, to the unit: a row for each that stands in a block, and the sum of all. Told anew after every stop, as settlement reads all that was not final again.
import { commitTogether } from '@worldland-aa/service/database/flushing'
import type { DeleteQueryBuilder, DeleteResult, Kysely, Selectable, Transaction } from 'kysely'
import type { Address, Hash } from 'viem'
import type { TokenTables } from './tables.ts'

export type TokenCharge = {
  readonly userOperationHash: Hash
  readonly token: Address
  readonly sender: Address
  /** Units of the token, markup included. */
  readonly charge: bigint
  readonly refund: bigint
  readonly block: { readonly number: bigint; readonly hash: Hash }
}

export type Charged = { readonly charge: bigint; readonly operations: number }

export type TokenCharges = {
  /** Of one step of settlement: blocks that are gone, then what came. */
  settle(step: {
    readonly removedBlocks: readonly Hash[]
    /** All blocks above are gone, or are read anew. */
    readonly removedAbove?: bigint
    readonly charges: readonly TokenCharge[]
  }): Promise<void>
  /** Of all operations in a block now. */
  charged(token: Address): Promise<Charged>
  of(userOperationHash: Hash): Promise<TokenCharge | undefined>
}

/** Far more than any reorg reaches; what goes stays in the sum. */
const keptRows = 50_000

type Books = Transaction<TokenTables>

export function createTokenCharges(database: Kysely<TokenTables>): TokenCharges {
  return {
    async settle({ removedBlocks, removedAbove, charges }) {
      if (removedBlocks.length === 0 && removedAbove === undefined && charges.length === 0) return
      await commitTogether(database, async books => {
        for (const hash of removedBlocks) await takeBack(books, query => query.where('block_hash', '=', hash))
        if (removedAbove !== undefined) {
          await takeBack(books, query => query.where('block_number', '>', Number(removedAbove)))
        }
        for (const charge of charges) {
          await takeBack(books, query => query.where('user_operation_hash', '=', charge.userOperationHash))
          await book(books, charge)
        }
        await prune(books)
      })
    },
    async charged(token) {
      const sum = await database
        .selectFrom('token_charge_sum')
        .selectAll()
        .where('token', '=', token.toLowerCase())
        .executeTakeFirst()
      return { charge: BigInt(sum?.charge ?? 0), operations: sum?.operations ?? 0 }
    },
    async of(userOperationHash) {
      const row = await database
        .selectFrom('token_charge')
        .selectAll()
        .where('user_operation_hash', '=', userOperationHash)
        .executeTakeFirst()
      return row && toCharge(row)
    },
  }
}

async function book(books: Books, { userOperationHash, token, sender, ...rest }: TokenCharge): Promise<void> {
  const row = {
    user_operation_hash: userOperationHash,
    token: token.toLowerCase(),
    sender: sender.toLowerCase(),
    charge: String(rest.charge),
    refund: String(rest.refund),
    block_number: Number(rest.block.number),
    block_hash: rest.block.hash,
  }
  await books.insertInto('token_charge').values(row).execute()
  await addUp(books, row.token, { charge: rest.charge, operations: 1 })
}

type Rows = DeleteQueryBuilder<TokenTables, 'token_charge', DeleteResult>

async function takeBack(books: Books, which: (rows: Rows) => Rows): Promise<void> {
  const gone = await which(books.deleteFrom('token_charge')).returning(['token', 'charge']).execute()
  for (const { token, charge } of gone) await addUp(books, token, { charge: -BigInt(charge), operations: -1 })
}

async function addUp(books: Books, token: string, { charge, operations }: Charged): Promise<void> {
  const known = await books
    .selectFrom('token_charge_sum')
    .selectAll()
    .where('token', '=', token)
    .executeTakeFirst()
  const row = {
    charge: String(BigInt(known?.charge ?? 0) + charge),
    operations: (known?.operations ?? 0) + operations,
  }
  await books
    .insertInto('token_charge_sum')
    .values({ token, ...row })
    .onConflict(conflict => conflict.column('token').doUpdateSet(row))
    .execute()
}

async function prune(books: Books): Promise<void> {
  const oldest = await books
    .selectFrom('token_charge')
    .select('block_number')
    .orderBy('block_number', 'desc')
    .offset(keptRows)
    .limit(1)
    .executeTakeFirst()
  if (oldest === undefined) return
  await books.deleteFrom('token_charge').where('block_number', '<', oldest.block_number).execute()
}

function toCharge(row: Selectable<TokenTables['token_charge']>): TokenCharge {
  return {
    userOperationHash: row.user_operation_hash as Hash,
    token: row.token as Address,
    sender: row.sender as Address,
    charge: BigInt(row.charge),
    refund: BigInt(row.refund),
    block: { number: BigInt(row.block_number), hash: row.block_hash as Hash },
  }
}
