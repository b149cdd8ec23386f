// Waits until a user operation has landed, counting blocks, and gives up early when the bundler dropped it.
import type { Client, Hex, RpcErrorType, Transport } from 'viem'
import {
  getUserOperationReceipt,
  type UserOperationReceipt,
  UserOperationReceiptNotFoundError,
} from 'viem/account-abstraction'
import { getAction } from 'viem/utils'
import { type BlocksElapsedError, pollByBlocks } from '../../account/pollByBlocks.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'

export type WaitForUserOperationParameters = {
  /** As `rentInstance` and its siblings return it. */
  readonly hash: Hex
  /** Blocks after which to give up. Default: 60. */
  readonly timeoutBlocks?: bigint | undefined
  /** Milliseconds between two looks. Default: the client's polling interval. */
  readonly pollingInterval?: number | undefined
}
export type WaitForUserOperationReturnType = UserOperationReceipt
export type WaitForUserOperationErrorType = ComputeError | BlocksElapsedError | RpcErrorType

/**
 * Waits until a user operation is on chain and returns its receipt; throws when it failed or was dropped.
 *
 * @example
 * import { waitForUserOperation } from '@worldland-aa/sdk/actions/operation/waitForUserOperation'
 *
 * const { receipt } = await waitForUserOperation(bundlerClient, { hash })
 */
export async function waitForUserOperation(
  client: SmartAccountClient,
  parameters: WaitForUserOperationParameters,
): Promise<WaitForUserOperationReturnType> {
  const { hash, timeoutBlocks = 60n, pollingInterval = client.pollingInterval } = parameters
  const receipt = await pollByBlocks(chainClientOf(client), {
    what: `Inclusion of user operation ${hash}`,
    timeoutBlocks,
    pollingMilliseconds: pollingInterval,
    look: async () => (await receiptOf(client, hash)) ?? (await throwIfDropped(client, hash)),
  })
  if (receipt.success) return receipt
  // The sentences of all contracts are large: who never fails never loads them.
  const { decodeComputeError } = await import('../../errors/decodeComputeError.ts')
  const decoded = decodeComputeError(receipt)
  throw new ComputeError({
    problem: `The user operation landed but was undone: ${decoded?.problem ?? 'its calls reverted.'}`,
    remedy: decoded?.remedy ?? 'Simulate the calls one by one to find which.',
    ...(decoded === undefined ? {} : { errorName: decoded.errorName, source: decoded.source }),
  })
}

async function receiptOf(client: SmartAccountClient, hash: Hex): Promise<UserOperationReceipt | undefined> {
  try {
    return await getAction(client, getUserOperationReceipt, 'getUserOperationReceipt')({ hash })
  } catch (error) {
    if (error instanceof UserOperationReceiptNotFoundError) return undefined
    throw error
  }
}

type Status = {
  /** `rejected`: dropped. `failed` is none of it: landed with its calls reverted, so there is a receipt. */
  readonly status: string
  /** Why; not every bundler says it. */
  readonly reason?: string
}
type StatusRpcSchema = [
  { Method: 'pimlico_getUserOperationStatus'; Parameters: [hash: Hex]; ReturnType: Status },
]

async function throwIfDropped(client: SmartAccountClient, hash: Hex): Promise<undefined> {
  const bundler = client as unknown as Client<Transport, undefined, undefined, StatusRpcSchema>
  const known = await bundler
    .request({ method: 'pimlico_getUserOperationStatus', params: [hash] })
    // Not every bundler keeps a status: its receipt decides then.
    .catch(() => undefined)
  if (known?.status !== 'rejected') return undefined
  throw new ComputeError({
    problem: `The bundler dropped the user operation ${hash}${known.reason ? `: ${known.reason}` : '.'}`,
    remedy: 'Prepare the operation again and send it.',
  })
}
