// What the treasury page shows and sends: funds, prepared transactions, and what became of those that were sent.
import { z } from '@hono/zod-openapi'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'

export const weiText = z.string().regex(/^\d{1,78}$/, must.notWei)
export const signedWeiText = z.string().regex(/^-?\d{1,78}$/)
export const addressText = z.string().regex(/^0x[0-9a-fA-F]{40}$/, must.notAddress)
export const hashText = z.string().regex(/^0x[0-9a-f]{64}$/, must.notLowerHash)
/** Chosen by whoever asks, such as a UUID: a request that is repeated does nothing twice. */
export const requestIdText = z.string().regex(/^[0-9A-Za-z-]{8,64}$/, must.notRequestId)

export const transactionKinds = [
  'topUp',
  'addStake',
  'unlockStake',
  'withdrawStake',
  'withdrawDeposit',
  'withdrawRevenue',
  'refillFromRevenue',
  'collectFromTanks',
  'trustSigner',
  'removeSigner',
  'setLeaderTip',
] as const
export type TransactionKind = (typeof transactionKinds)[number]

export const preparedTransactionSchema = z
  .object({
    kind: z.enum(transactionKinds),
    to: addressText,
    data: z.string(),
    valueWei: weiText,
    chainId: z.int(),
    /** Who has to send it; left out where anybody may. */
    from: addressText.optional(),
    /** What it does, for who signs it. */
    description: z.string(),
    /** What the description says, for other languages: a `TransactionCode`, and what stands in it. */
    says: z.object({ code: z.string(), values: z.record(z.string(), z.string()) }),
    /** As the chain would have it now: `ok`, or the sentence that says why it would revert. */
    simulated: z.string(),
  })
  .openapi('PreparedTransaction')
/** A tip of nothing is the end of tips. */
export type TransactionCode = (typeof transactionKinds)[number] | 'endLeaderTip'
export type PreparedTransaction = z.infer<typeof preparedTransactionSchema>

/** What is asked for; each kind takes what it needs. */
export const transactionRequestSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('topUp'), amountWei: weiText }),
    /** `amountWei` may be 0, to lengthen the delay alone. */
    z.object({
      kind: z.literal('addStake'),
      amountWei: weiText,
      unstakeDelaySeconds: z.int().min(1).max(4_294_967_295).optional(),
    }),
    z.object({ kind: z.literal('unlockStake') }),
    z.object({ kind: z.literal('withdrawStake'), recipient: addressText }),
    z.object({ kind: z.literal('withdrawDeposit'), recipient: addressText, amountWei: weiText }),
    z.object({ kind: z.literal('withdrawRevenue'), recipient: addressText, amountWei: weiText }),
    z.object({ kind: z.literal('refillFromRevenue'), amountWei: weiText }),
    /** Of those that spent most; left out, whoever has spent more than collecting costs. */
    z.object({
      kind: z.literal('collectFromTanks'),
      accounts: z.array(addressText).min(1).max(200).optional(),
    }),
    z.object({ kind: z.literal('trustSigner'), signer: addressText }),
    z.object({ kind: z.literal('removeSigner'), signer: addressText }),
    /** `tipWei` 0 for none. */
    z.object({ kind: z.literal('setLeaderTip'), registry: addressText, tipWei: weiText }),
  ])
  .openapi('TransactionRequest')
export type TransactionRequest = z.infer<typeof transactionRequestSchema>

export const executeSchema = z
  .object({ requestId: requestIdText, transaction: transactionRequestSchema })
  .openapi('ExecuteTransaction')
export type ExecuteTransaction = z.infer<typeof executeSchema>

/** A prepared transaction that a wallet has sent: the house follows it from here. */
export const sentByWalletSchema = z
  .object({ requestId: requestIdText, hash: hashText, kind: z.enum(transactionKinds) })
  .openapi('SentByWallet')
export type SentByWallet = z.infer<typeof sentByWalletSchema>

/** `sent` is in no block, `mined` a reorg may still undo, `replaced` another one used its nonce, `lost` no node knows it. */
export const transactionStates = [
  'queued',
  'sent',
  'mined',
  'final',
  'reverted',
  'replaced',
  'lost',
  'failed',
] as const
export type TransactionState = (typeof transactionStates)[number]

export const treasuryTransactionSchema = z
  .object({
    id: z.string(),
    requestId: requestIdText,
    kind: z.enum(transactionKinds),
    description: z.string(),
    to: addressText,
    valueWei: weiText,
    from: addressText,
    /** Of the paymaster's treasury key, of a wallet, or of the service by itself when the deposit ran low. */
    sentBy: z.enum(['treasuryKey', 'wallet', 'automatic']),
    state: z.enum(transactionStates),
    hash: hashText.nullable(),
    blockNumber: z.int().nullable(),
    /** Why it failed. */
    problem: z.string().nullable(),
    /** For people; null where the service acted by itself. */
    actorName: z.string().nullable(),
    createdAtSeconds: z.int(),
  })
  .openapi('TreasuryTransaction')
export type TreasuryTransaction = z.infer<typeof treasuryTransactionSchema>

export const treasuryTransactionsSchema = z
  .object({ items: z.array(treasuryTransactionSchema), nextCursor: z.string().nullable() })
  .openapi('TreasuryTransactions')

export const treasurySchema = z
  .object({
    chainId: z.int(),
    paymaster: addressText,
    entryPoint: addressText,
    owner: addressText,
    /** The deposit in the EntryPoint, which pays the gas; without what is owed in tips. */
    deposit: z.object({
      totalWei: weiText,
      /** Spoken for: by what is signed for and may land, and by withdrawals under way. */
      heldWei: weiText,
      freeWei: weiText,
      minimumWei: weiText,
      targetWei: weiText,
    }),
    stake: z.object({
      amountWei: weiText,
      targetWei: weiText,
      isLocked: z.boolean(),
      unstakeDelaySeconds: z.int(),
      /** When an unlocked stake may be taken; null while it is locked or there is none. */
      withdrawableAtSeconds: z.int().nullable(),
    }),
    token: z.object({ address: addressText, symbol: z.string(), decimals: z.int() }),
    /** In tokens: what accounts have prepaid; `spentWei` of it is the house's once it is collected. */
    tanks: z.object({ totalWei: weiText, spentWei: weiText }),
    /** In coin: what a sponsored operation gives the bundler in turn, and what bundlers have not claimed of it. */
    tips: z.object({ tipWei: weiText, registry: addressText.nullable(), owedWei: weiText }),
    /** In tokens: collected, and not turned into deposit or taken out yet. */
    revenueWei: weiText,
    /** Null where the service has no treasury key: it prepares, and the owner's wallet sends. */
    treasuryKey: z
      .object({
        address: addressText,
        coinWei: weiText,
        isOwner: z.boolean(),
        /** What it may send itself. */
        mayExecute: z.array(z.enum(transactionKinds)),
      })
      .nullable(),
    readAtBlock: z.int(),
    /** What the treasury is doing at the moment; null while it rests. */
    underWay: z.string().nullable(),
  })
  .openapi('Treasury')
export type TreasuryView = z.infer<typeof treasurySchema>
