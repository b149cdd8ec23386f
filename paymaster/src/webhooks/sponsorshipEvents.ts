// What the ledger tells of itself to webhooks, in the transactions in which it writes: an operation is signed for, and what
// it cost is final.
import type { Transaction } from 'kysely'
import { type Address, getAddress, type Hex } from 'viem'
import type { LedgerListener } from '../ledger/ledger.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { Exposure } from '../ledger/walkBack.ts'
import type { Outbox } from './outbox.ts'

export function createSponsorshipEvents(options: {
  readonly outbox: Outbox
  readonly chainId: number
  readonly entryPoint: Address
  readonly paymaster: Address
  /** What the operator calls a policy; undefined for one that is written nowhere any more, and for none. */
  readonly policyIdOf: (onChainId: Hex) => string | undefined
}): LedgerListener {
  const { outbox, chainId, entryPoint, paymaster, policyIdOf } = options
  const place = { chainId, entryPoint, paymaster }
  return {
    async onRecorded(transaction, signature) {
      if (!outbox.isHeard('sponsorship.requested')) return
      const { sender, nonce } = await transaction
        .selectFrom('exposure')
        .select(['sender', 'nonce'])
        .where('id', '=', signature.exposureId)
        .executeTakeFirstOrThrow()
      await outbox.put(transaction, 'sponsorship.requested', {
        userOperationHash: signature.userOperationHash,
        sender,
        nonce,
        mode: signature.mode,
        policyId: policyIdOf(signature.policyId) ?? null,
        apiKeyId: signature.apiKeyId ?? null,
        maxCostWei: String(signature.maxCostWei),
        validUntilSeconds: signature.validUntil,
        ...place,
      })
    },
    async onFinal(transaction, { exposure, mode, policyId }) {
      if (!outbox.isHeard('sponsorship.finalized')) return
      await outbox.put(transaction, 'sponsorship.finalized', {
        userOperationHash: exposure.landed_user_operation_hash,
        sender: exposure.sender,
        nonce: exposure.nonce,
        mode,
        policyId: policyIdOf(policyId) ?? null,
        succeeded: exposure.succeeded === 1,
        actualCostWei: exposure.actual_cost_wei,
        lossWei: exposure.loss_wei,
        tokenCharge: await tokenChargeOf(transaction, exposure),
        transactionHash: exposure.landed_transaction_hash,
        blockNumber: exposure.landed_block_number,
        blockHash: exposure.landed_block_hash,
        ...place,
      })
    },
  }
}

/** What it paid in another ERC-20; `units` of its smallest, and how they are to be shown. */
async function tokenChargeOf(
  transaction: Transaction<LedgerSchema>,
  { charged_token: address, charged_units: units }: Exposure,
): Promise<Record<string, unknown> | null> {
  if (address === null) return null
  const facts = await transaction
    .selectFrom('token')
    .select(['symbol', 'decimals'])
    .where('address', '=', address)
    .executeTakeFirst()
  return {
    token: getAddress(address as Hex),
    symbol: facts?.symbol ?? null,
    decimals: facts?.decimals ?? null,
    units,
  }
}
