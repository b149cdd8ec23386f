// What has become of a user operation, as its bundler and the chain tell.

import type { ComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
import { decodeComputeError } from '@worldland-aa/sdk/errors/decodeComputeError'
import type { Hex } from 'viem'
import {
  UserOperationNotFoundError,
  type UserOperationReceipt,
  UserOperationReceiptNotFoundError,
} from 'viem/account-abstraction'
import type { SendRefusal } from './sender.ts'

export type OperationFate =
  | { readonly kind: 'landed'; readonly blockNumber: bigint }
  /** In a block, and its calls reverted. */
  | { readonly kind: 'undone'; readonly refusal: SendRefusal }
  | { readonly kind: 'open' }
  /** The bundler knows nothing of it, or dropped it. */
  | { readonly kind: 'unknown' }

export async function operationFate(compute: ComputeClient, hash: Hex): Promise<OperationFate> {
  const receipt = await orUndefined(
    compute.getUserOperationReceipt({ hash }),
    UserOperationReceiptNotFoundError,
  )
  if (receipt !== undefined) return ofReceipt(receipt)
  const known = await orUndefined(compute.getUserOperation({ hash }), UserOperationNotFoundError)
  return { kind: known === undefined ? 'unknown' : 'open' }
}

function ofReceipt(receipt: UserOperationReceipt): OperationFate {
  if (receipt.success) return { kind: 'landed', blockNumber: receipt.receipt.blockNumber }
  const decoded = decodeComputeError(receipt)
  const message = decoded === undefined ? 'Its calls reverted.' : `${decoded.problem} ${decoded.remedy}`
  return {
    kind: 'undone',
    refusal: { code: decoded?.errorName ?? 'reverted', message: `It landed and was undone. ${message}` },
  }
}

async function orUndefined<Value>(
  asked: Promise<Value>,
  none: new (...parameters: never[]) => Error,
): Promise<Value | undefined> {
  try {
    return await asked
  } catch (error) {
    if (causesOf(error).some(cause => cause instanceof none)) return undefined
    throw error
  }
}

function causesOf(error: unknown): readonly unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [error]
}
