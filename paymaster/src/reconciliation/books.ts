// The books of one run, added up range by range: what the house has of each movement, and what it does not.
import type { Kysely } from 'kysely'
import { type Address, formatEther, type Hash, type PublicClient } from 'viem'
import type { DriftKind } from '../admin/reconciliation/schema.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { Journal } from '../treasury/journal.ts'
import { readBooked } from './booked.ts'
import { readDepositAmount } from './depositAmount.ts'
import type { DepositMovement, Movements, Place } from './movements.ts'

export type Item = {
  readonly kind: DriftKind
  readonly wei: bigint
  readonly transactionHash: Hash
  readonly userOperationHash: Hash | null
  readonly account: Address | null
  readonly blockNumber: bigint
  /** Whose smallest units `wei` are, where it is not the coin. */
  readonly token?: Address
  readonly says: string
}

export type Sums = {
  /** By the house: what it sent itself, or was told of. */
  readonly depositedWei: bigint
  readonly withdrawnWei: bigint
  /** Of operations signed for here, as booked, and as their events have it. */
  readonly bookedWei: bigint
  readonly eventsWei: bigint
  readonly operations: number
  readonly tanksWei: bigint
  readonly tokensWei: bigint
  readonly tipsOwedWei: bigint
  /** Of all items, also of those that are not kept. */
  readonly explainedWei: bigint
  readonly itemCount: number
  /** Came in within a bundle: how much only the balance can tell. */
  readonly untold: readonly Item[]
  readonly gross: Gross
}

/** Of all there was, whoever did it. */
export type Gross = {
  readonly depositedWei: bigint
  readonly withdrawnWei: bigint
  readonly costWei: bigint
  readonly operations: number
}

export type Books = {
  add(movements: Movements): Promise<void>
  sums(): Sums
  items(): readonly Item[]
}

export const mostItems = 500

export function createBooks(options: {
  readonly client: PublicClient
  readonly database: Kysely<LedgerSchema>
  readonly journal: Pick<Journal, 'known'>
  readonly place: Place
  /** All that lay in the EntryPoint at the block before, tips that were owed included. */
  readonly baseWei: bigint
}): Books {
  const { client, database, journal, place } = options
  const items: Item[] = []
  const untold: Item[] = []
  let balanceWei = options.baseWei
  let sums = {
    depositedWei: 0n,
    withdrawnWei: 0n,
    bookedWei: 0n,
    eventsWei: 0n,
    operations: 0,
    tanksWei: 0n,
    tokensWei: 0n,
    tipsOwedWei: 0n,
    explainedWei: 0n,
    itemCount: 0,
  }
  let gross: Gross = { depositedWei: 0n, withdrawnWei: 0n, costWei: 0n, operations: 0 }

  function explain(item: Item): void {
    if (items.length < mostItems) items.push(item)
    sums = { ...sums, itemCount: sums.itemCount + 1, explainedWei: sums.explainedWei + item.wei }
  }

  async function addOperations(
    operations: readonly (DepositMovement & { kind: 'operation' })[],
  ): Promise<void> {
    const booked = await readBooked(
      database,
      operations.map(({ userOperationHash }) => userOperationHash),
    )
    for (const { userOperationHash, sender: account, wei, transactionHash, blockNumber } of operations) {
      gross = { ...gross, costWei: gross.costWei + wei, operations: gross.operations + 1 }
      const known = booked.get(userOperationHash)
      const at = { transactionHash, userOperationHash, account, blockNumber }
      if (known?.isOurs !== true) {
        const says = `An operation of ${account} that this ledger did not sign for cost ${coins(wei)}: does another service sign for the same contract?`
        explain({ ...at, kind: 'foreignOperation', wei: -wei, says })
        continue
      }
      const bookedWei = known.costWei ?? 0n
      sums = {
        ...sums,
        operations: sums.operations + 1,
        bookedWei: sums.bookedWei + bookedWei,
        eventsWei: sums.eventsWei + wei,
      }
      if (bookedWei === wei) continue
      const kind = known.costWei === undefined ? 'unbookedOperation' : 'wrongCost'
      const says =
        kind === 'wrongCost'
          ? `An operation of ${account} is booked at ${bookedWei} wei and cost ${wei}`
          : `An operation of ${account} landed for ${coins(wei)} and is not booked as landed`
      explain({ ...at, kind, wei: bookedWei - wei, says })
    }
  }

  async function addWithdrawal(
    movement: DepositMovement & { kind: 'withdrawal' },
    isOurs: boolean,
  ): Promise<void> {
    const { wei, recipient, transactionHash, blockNumber } = movement
    balanceWei -= wei
    gross = { ...gross, withdrawnWei: gross.withdrawnWei + wei }
    if (isOurs) {
      sums = { ...sums, withdrawnWei: sums.withdrawnWei + wei }
      return
    }
    explain({
      kind: 'withdrawalByOther',
      wei: -wei,
      transactionHash,
      userOperationHash: null,
      account: recipient,
      blockNumber,
      says: `The contract's owner took ${coins(wei)} to ${recipient} past this service`,
    })
  }

  async function addDeposit(
    movement: DepositMovement & { kind: 'deposit' },
    known: { isOurs: boolean; isInBundle: boolean },
  ): Promise<void> {
    const { transactionHash, blockNumber, totalWei, refilledWei } = movement
    const { isOurs, isInBundle } = known
    const differenceWei = totalWei - balanceWei
    const amount = await readDepositAmount({
      ...{ client, entryPoint: place.entryPoint, paymaster: place.paymaster },
      ...{ transactionHash, refilledWei, differenceWei, isInBundle },
    })
    const item: Item = {
      kind: 'depositByOther',
      wei: amount.wei ?? 0n,
      transactionHash,
      userOperationHash: null,
      account: amount.from,
      blockNumber,
      says:
        amount.wei === undefined
          ? `${amount.from} paid in within a bundle: how much follows from the balance`
          : `${amount.from} paid in ${coins(amount.wei)} past this service`,
    }
    if (amount.wei === undefined) {
      untold.push(item)
      return
    }
    balanceWei += amount.wei
    gross = { ...gross, depositedWei: gross.depositedWei + amount.wei }
    if (isOurs) sums = { ...sums, depositedWei: sums.depositedWei + amount.wei }
    else explain(item)
  }

  return {
    async add({ deposit, tanksWei, tokensWei, tipsOwedWei }) {
      sums = {
        ...sums,
        tanksWei: sums.tanksWei + tanksWei,
        tokensWei: sums.tokensWei + tokensWei,
        tipsOwedWei: sums.tipsOwedWei + tipsOwedWei,
      }
      const operations = deposit.filter(movement => movement.kind === 'operation')
      const bundles = new Set(operations.map(({ transactionHash }) => transactionHash))
      const others = deposit.filter(movement => movement.kind !== 'operation')
      const ours = await journal.known(others.map(({ transactionHash }) => transactionHash))
      await addOperations(operations)
      for (const movement of deposit) {
        const isOurs = ours.has(movement.transactionHash)
        if (movement.kind === 'operation') balanceWei -= movement.wei - movement.tipWei
        else if (movement.kind === 'tipClaim') balanceWei -= movement.wei
        else if (movement.kind === 'withdrawal') await addWithdrawal(movement, isOurs)
        else await addDeposit(movement, { isOurs, isInBundle: bundles.has(movement.transactionHash) })
      }
    },
    sums: () => ({ ...sums, untold, gross }),
    items: () => items,
  }
}

function coins(wei: bigint): string {
  return `${wei} wei (${formatEther(wei)} of the native coin)`
}
