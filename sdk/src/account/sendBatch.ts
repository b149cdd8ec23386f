// Sends calls as one user operation from a smart account client, adding the approval for gas paid in the
// token where it is needed. Every write of a renter goes through here.
import type { Hex } from 'viem'
import {
  type SendUserOperationErrorType,
  type SendUserOperationParameters,
  type SmartAccount,
  sendUserOperation,
} from 'viem/account-abstraction'
import { getAction } from 'viem/utils'
import type { WithContracts } from '../chains/computeContracts.ts'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import { ComputeError, throwComputeError } from '../errors/computeError.ts'
import type { Call } from './call.ts'
import { gasAllowanceCalls } from './gasAllowanceCalls.ts'
import { type GasSource, gasOverrides, paymasterContextOf } from './gasSource.ts'

/** What a write takes beside its own parameters; all of it has a default in the client. */
export type BatchParameters = WithContracts & {
  readonly account?: SmartAccount | undefined
  /** As in viem's `sendUserOperation`. */
  readonly paymaster?: SendUserOperationParameters['paymaster']
  /** `{ token: contracts.token }` pays the gas in the compute token, `{ tank: true }` out of the gas tank. */
  readonly paymasterContext?: unknown
  /** Out of what to pay this operation's gas, whatever `paymasterContext` says. */
  readonly gasFrom?: GasSource | undefined
  /** Token wei that the paymaster may pull, now and later; by default enough for some twenty operations. */
  readonly gasAllowanceWei?: bigint | undefined
  readonly nonce?: bigint | undefined
  /** Default: as the bundler estimates it. */
  readonly callGasLimit?: bigint | undefined
  /** Native wei. */
  readonly maxFeePerGas?: bigint | undefined
  /** Native wei. */
  readonly maxPriorityFeePerGas?: bigint | undefined
}
/** The user operation's hash. */
export type BatchReturnType = Hex
export type BatchErrorType = ComputeError | SendUserOperationErrorType

export async function sendBatch(
  client: SmartAccountClient,
  parameters: BatchParameters & { readonly calls: readonly Call[] },
): Promise<BatchReturnType> {
  const account = senderOf(client, parameters)
  try {
    const calls = await withGasAllowance(client, parameters)
    const send = getAction(client, sendUserOperation, 'sendUserOperation')
    return await send({
      ...overridesIn(parameters),
      ...gasOverrides(client, parameters),
      account,
      calls,
    } as SendUserOperationParameters)
  } catch (error) {
    return await throwComputeError(error)
  }
}

/** A batch as it is sent: the approval for its gas first, where one is needed. */
export async function withGasAllowance(
  client: SmartAccountClient,
  parameters: BatchParameters & { readonly calls: readonly Call[] },
): Promise<readonly Call[]> {
  const { contracts, calls, gasAllowanceWei } = parameters
  const approvals = await gasAllowanceCalls(client, {
    account: senderOf(client, parameters),
    contracts,
    paymasterContext: paymasterContextOf(client, parameters),
    gasAllowanceWei,
  })
  return [...approvals, ...calls]
}

/** The account that a batch is sent from: the parameters' or the client's. */
export function senderOf(
  client: SmartAccountClient,
  parameters: Pick<BatchParameters, 'account'>,
): SmartAccount {
  const { account = client.account } = parameters
  if (account !== undefined) return account
  throw new ComputeError({
    problem: 'There is no smart account to send from.',
    remedy: 'Create the client with `account`, or give `account` to this action.',
  })
}

const overrideNames = [
  'paymaster',
  'paymasterContext',
  'nonce',
  'callGasLimit',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
] as const satisfies readonly (keyof BatchParameters)[]

/** By name: an action's own parameters must not reach the operation. */
function overridesIn(parameters: BatchParameters): Partial<BatchParameters> {
  const given = overrideNames.flatMap(name =>
    parameters[name] === undefined ? [] : [[name, parameters[name]]],
  )
  return Object.fromEntries(given)
}
