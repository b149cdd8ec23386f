// An operation that was asked for before, out of the decisions that are kept: for trying it against another policy.
import type { Kysely } from 'kysely'
import type { Address, Hash, Hex } from 'viem'
import { fromBytes, toBytes } from '../decisions/bytes.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { RequestedOperation } from '../requestedOperation.ts'

export type PastOperation =
  | { readonly kind: 'known'; readonly operation: RequestedOperation }
  /** Its decision is known, its fields are not kept. */
  | { readonly kind: 'notKept'; readonly why: string }
  | { readonly kind: 'unknown' }

export async function readPastOperation(
  database: Kysely<LedgerSchema>,
  userOperationHash: Hash,
): Promise<PastOperation> {
  const row = await database
    .selectFrom('decision')
    .innerJoin('decision_detail', 'decision_detail.decision_id', 'decision.id')
    .select(['operation', 'call_data', 'factory_data', 'signature', 'operation_note'])
    .where('user_operation_hash', '=', toBytes(userOperationHash))
    .orderBy('decision.id', 'desc')
    .executeTakeFirst()
  if (row === undefined) return { kind: 'unknown' }
  if (row.operation === null || row.call_data === null) {
    return { kind: 'notKept', why: row.operation_note ?? 'Its fields are not kept.' }
  }
  const short = JSON.parse(row.operation) as Readonly<Record<string, Hex | undefined>>
  const quantity = (name: string): bigint => BigInt(short[name] ?? '0x0')
  const optional = (name: string) => (short[name] === undefined ? {} : { [name]: quantity(name) })
  return {
    kind: 'known',
    operation: {
      sender: short.sender as Address,
      nonce: quantity('nonce'),
      ...(short.factory === undefined
        ? {}
        : {
            factory: short.factory,
            factoryData: row.factory_data === null ? '0x' : fromBytes(row.factory_data),
          }),
      callData: fromBytes(row.call_data),
      callGasLimit: quantity('callGasLimit'),
      verificationGasLimit: quantity('verificationGasLimit'),
      preVerificationGas: quantity('preVerificationGas'),
      maxFeePerGas: quantity('maxFeePerGas'),
      maxPriorityFeePerGas: quantity('maxPriorityFeePerGas'),
      ...optional('paymasterVerificationGasLimit'),
      ...optional('paymasterPostOpGasLimit'),
      ...(row.signature === null ? {} : { signature: fromBytes(row.signature) }),
    },
  }
}
