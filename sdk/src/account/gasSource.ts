// Out of what an operation's gas is paid: what the paymaster is told, and whether there is one at all.
import type { WithContracts } from '../chains/computeContracts.ts'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import type { BatchParameters } from './sendBatch.ts'

/** The tokens that the account holds, or those in its gas tank, which needs neither balance nor allowance. */
export type GasSource = 'wallet' | 'tank'

type GasParameters = WithContracts &
  Pick<BatchParameters, 'gasFrom' | 'paymaster' | 'paymasterContext' | 'account'>

/** As it goes to the paymaster. */
export function paymasterContextOf(client: SmartAccountClient, parameters: GasParameters): unknown {
  const { contracts, gasFrom, paymasterContext } = parameters
  if (gasFrom === 'tank') return { tank: true }
  if (gasFrom === 'wallet') return { token: contracts.token }
  return paymasterContext ?? (client as { paymasterContext?: unknown }).paymasterContext
}

/** What `sendUserOperation` is to be told beside the client's own settings. */
export function gasOverrides(
  client: SmartAccountClient,
  parameters: GasParameters,
): Pick<BatchParameters, 'paymaster' | 'paymasterContext'> {
  const { gasFrom, paymaster } = parameters
  if (gasFrom === undefined) return {}
  // Who names a source wants a paymaster: the bundler's URL answers for it where none is set.
  const anyPaymaster = paymaster ?? (client as { paymaster?: BatchParameters['paymaster'] }).paymaster ?? true
  return { paymaster: anyPaymaster, paymasterContext: paymasterContextOf(client, parameters) }
}
