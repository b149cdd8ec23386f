// A provider ends a lease and has everybody paid.
import type { Client } from 'viem'
import type { Call } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import { type GetLeaseErrorType, getLease } from '../actions/lease/getLease.ts'
import type { LeaseState } from '../actions/lease/lease.ts'
import { stopLease } from '../actions/lease/stopLease.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type StopAsProviderParameters = WithContracts & { readonly leaseId: bigint }
export type StopAsProviderReturnType = SendCallsReturnType
export type StopAsProviderErrorType = SendCallsErrorType | GetLeaseErrorType

/**
 * Stops and settles a lease as its provider; before the machine is ready, cancels it. A lease that has ended
 * already needs nothing: then nothing is sent.
 *
 * @example
 * import { stopAsProvider } from '@worldland-aa/sdk/provider/stopAsProvider'
 *
 * await stopAsProvider(walletClient, { contracts, leaseId: 1n })
 */
export async function stopAsProvider(
  client: AccountClient,
  parameters: StopAsProviderParameters,
): Promise<StopAsProviderReturnType> {
  const { state } = await getLease(client as Client, parameters)
  return await sendCalls(client, {
    contracts: parameters.contracts,
    calls: stopAsProvider.calls({ ...parameters, state }),
  })
}

/** The calls alone, for a batch of one's own. */
stopAsProvider.calls = (
  parameters: StopAsProviderParameters & { readonly state: LeaseState },
): readonly Call[] => stopLease.calls(parameters)
