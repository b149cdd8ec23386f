// What the ledger tells of itself to webhooks, in the transactions in which it writes: an operation is signed for, and what
// it cost is final.
import type { Address, Hex } from 'viem'
import type { LedgerListener } from '../ledger/ledger.ts'
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
        transactionHash: exposure.landed_transaction_hash,
        blockNumber: exposure.landed_block_number,
        blockHash: exposure.landed_block_hash,
        ...place,
      })
    },
  }
}
