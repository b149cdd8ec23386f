// The treasury and its history as the admin API tells them.
import type { PublicClient } from 'viem'
import type { TreasuryTransaction, TreasuryView } from '../admin/treasury/schema.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ContractFacts } from './contractFacts.ts'
import type { TreasuryDesk } from './desk.ts'
import type { Row } from './journal.ts'
import { readSpentWei } from './spentTanks.ts'
import type { Treasury, TreasurySettings } from './treasury.ts'

export type ShowTreasury = () => Promise<TreasuryView>

export function createShowTreasury(options: {
  readonly client: PublicClient
  readonly facts: ContractFacts
  readonly settings: TreasurySettings
  readonly desk: Pick<TreasuryDesk, 'facts' | 'mayExecute'>
  readonly treasury: Pick<Treasury, 'underWay'>
  readonly ledger: Pick<Ledger, 'tankSenders'>
}): ShowTreasury {
  const { client, settings, desk, treasury, ledger } = options
  const { chainId, paymaster, entryPoint, token } = options.facts
  /** Hundreds of tanks are asked for it: once in a block. */
  let spent: { readonly block: bigint; readonly wei: Promise<bigint> } | undefined

  async function readSpent(): Promise<bigint> {
    return await readSpentWei(client, paymaster, await ledger.tankSenders())
  }

  return async () => {
    const facts = await desk.facts()
    const { deposit, stake, key } = facts
    if (spent?.block !== facts.blockNumber) {
      const wei = readSpent()
      spent = { block: facts.blockNumber, wei }
      wei.catch(() => {
        spent = undefined
      })
    }
    return {
      chainId,
      paymaster,
      entryPoint,
      owner: facts.owner,
      deposit: {
        totalWei: String(deposit.totalWei),
        heldWei: String(deposit.heldWei),
        freeWei: String(deposit.freeWei),
        minimumWei: String(settings.depositMinimumWei),
        targetWei: String(settings.depositTargetWei),
      },
      stake: {
        amountWei: String(stake.amountWei),
        targetWei: String(settings.stakeWei),
        isLocked: stake.isLocked,
        unstakeDelaySeconds: stake.unstakeDelaySeconds,
        withdrawableAtSeconds: stake.withdrawableAtSeconds ?? null,
      },
      token: { address: token.address, symbol: token.symbol, decimals: token.decimals },
      tanks: { totalWei: String(facts.tanks.totalWei), spentWei: String(await spent.wei) },
      tips: {
        tipWei: String(facts.tips.tipWei),
        registry: facts.tips.tipWei === 0n ? null : facts.tips.registry,
        owedWei: String(facts.tips.owedWei),
      },
      revenueWei: String(facts.revenueWei),
      treasuryKey:
        key === undefined
          ? null
          : {
              address: key.address,
              coinWei: String(key.coinWei),
              isOwner: key.isOwner,
              mayExecute: [...desk.mayExecute(facts)],
            },
      readAtBlock: Number(facts.blockNumber),
      underWay: treasury.underWay() ?? null,
    }
  }
}

export function showTransaction(row: Row): TreasuryTransaction {
  return {
    id: String(row.id),
    requestId: row.request_id,
    kind: row.kind as TreasuryTransaction['kind'],
    description: row.description,
    to: row.to_address,
    valueWei: row.value_wei,
    from: row.from_address,
    sentBy: row.sent_by as TreasuryTransaction['sentBy'],
    state: row.state as TreasuryTransaction['state'],
    hash: row.hash,
    blockNumber: row.block_number,
    problem: row.problem,
    actorName: row.actor_name,
    createdAtSeconds: row.created_at,
  }
}
