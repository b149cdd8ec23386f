// Who pays gas in the compute token must let the paymaster pull it. This adds that approval to a batch, only
// when it is needed, and for several operations ahead, so that the next ones need none.
import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { computeTokenAbi } from '../abi/computeToken.ts'
import { getGasQuote } from '../actions/operation/getGasQuote.ts'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../clients/chainClientOf.ts'
import { approveCall } from './approveCall.ts'
import type { Call } from './call.ts'

/** Above the sum of all gas limits of any single operation of the SDK. */
const gasPerOperation = 1_000_000n
const operationsAhead = 20n
const bidFactor = 2n

export async function gasAllowanceCalls(
  client: SmartAccountClient,
  options: {
    readonly account: { readonly address: Address; readonly sessionKeyId?: bigint }
    readonly contracts: ComputeContracts
    /** As it will go to the paymaster: `{ token }` when gas is paid in the token. */
    readonly paymasterContext: unknown
    /** Token wei to approve instead of what the SDK finds sensible; 0n approves nothing. */
    readonly gasAllowanceWei?: bigint | undefined
  },
): Promise<readonly Call[]> {
  const { account, contracts, paymasterContext, gasAllowanceWei } = options
  if (!paysInToken(paymasterContext, contracts.token) || gasAllowanceWei === 0n) return []
  // A session key may leave no allowance greater than it was: the owner's has to do.
  if (account.sessionKeyId !== undefined) return []
  const approval = { token: contracts.token, spender: contracts.paymaster }
  if (gasAllowanceWei !== undefined) return [approveCall({ ...approval, amountWei: gasAllowanceWei })]
  const [quote, allowanceWei] = await Promise.all([
    getGasQuote(client, { contracts, gas: gasPerOperation }),
    readContract(chainClientOf(client) as Client, {
      address: contracts.token,
      abi: computeTokenAbi,
      functionName: 'allowance',
      args: [account.address, contracts.paymaster],
    }),
  ])
  // Clients bid above the quoted price: what is left must cover that as well.
  if (allowanceWei >= quote.tokenWei * bidFactor) return []
  return [approveCall({ ...approval, amountWei: quote.tokenWei * operationsAhead })]
}

function paysInToken(context: unknown, token: Address): boolean {
  if (typeof context !== 'object' || context === null || !('token' in context)) return false
  return typeof context.token === 'string' && context.token.toLowerCase() === token.toLowerCase()
}
