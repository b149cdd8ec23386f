// How much the paymaster is let pull from an account that pays gas in the compute token: enough for several
// operations ahead, so that the next ones need no approval.
import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import * as computeToken from '../abi/computeToken.ts'
import { getGasQuote } from '../actions/operation/getGasQuote.ts'
import { gasPerOperation, operationsAhead } from '../actions/operation/quoteGasAllowance.ts'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../clients/chainClientOf.ts'

export type GasAllowanceOptions = {
  readonly account: { readonly address: Address; readonly sessionKeyId?: bigint }
  readonly contracts: ComputeContracts
  /** As it will go to the paymaster: `{ token }` when gas is paid out of the wallet. */
  readonly paymasterContext: unknown
  /** Token wei to approve instead of what the SDK finds sensible; 0n approves nothing. */
  readonly gasAllowanceWei?: bigint | undefined
}

/** Clients bid above the quoted price. */
const bidFactor = 2n

/** Token wei: what the paymaster may pull now, and what it should be let pull once a batch is done. */
export async function gasAllowance(
  client: SmartAccountClient,
  options: GasAllowanceOptions,
): Promise<{ readonly presentWei: bigint; readonly wantedWei: bigint }> {
  const { account, contracts, paymasterContext, gasAllowanceWei } = options
  const presentWei = await readContract(chainClientOf(client) as Client, {
    address: contracts.token,
    abi: [computeToken.allowance],
    functionName: 'allowance',
    args: [account.address, contracts.paymaster],
  })
  if (!paysFromWallet(paymasterContext, contracts.token)) return { presentWei, wantedWei: presentWei }
  if (gasAllowanceWei !== undefined) return { presentWei, wantedWei: gasAllowanceWei || presentWei }
  const quote = await getGasQuote(client, { contracts, gas: gasPerOperation })
  const operationWei = quote.tokenWei * bidFactor
  if (account.sessionKeyId !== undefined) {
    // A session key may leave no allowance greater than its calls found it, when this operation's gas is out of it.
    return { presentWei, wantedWei: presentWei > operationWei ? presentWei - operationWei : 0n }
  }
  const suffices = presentWei >= operationWei
  return { presentWei, wantedWei: suffices ? presentWei : quote.tokenWei * operationsAhead }
}

/** Whether the paymaster pulls this operation's gas from the account. */
export function paysFromWallet(context: unknown, token: Address): boolean {
  if (typeof context !== 'object' || context === null || !('token' in context)) return false
  if ('tank' in context && context.tank === true) return false
  return typeof context.token === 'string' && context.token.toLowerCase() === token.toLowerCase()
}
