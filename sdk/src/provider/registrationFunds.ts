// Whether an account can pay for what is left of its registration, said before anything is sent.
import type { Address, Client } from 'viem'
import { estimateFeesPerGas } from 'viem/actions'
import type { Call } from '../account/call.ts'
import { paysFromWallet } from '../account/gasAllowance.ts'
import { paymasterContextOf } from '../account/gasSource.ts'
import type { AccountClient } from '../account/sendCalls.ts'
import { getGasQuote } from '../actions/operation/getGasQuote.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../clients/chainClientOf.ts'
import { ComputeError } from '../errors/computeError.ts'
import { amount } from '../errors/sentences/amount.ts'
import type { RegistrationState } from './registration.ts'

/** What gas costs at most: coin of an ordinary key, tokens of a smart account that pays in them, else nothing. */
export type RegistrationFees = { readonly coinWei: bigint; readonly tokenWei: bigint }
const noFees: RegistrationFees = { coinWei: 0n, tokenWei: 0n }

export async function feesOf(
  client: AccountClient,
  { contracts, calls }: WithContracts & { readonly calls: readonly Call[] },
): Promise<RegistrationFees> {
  if (calls.length === 0) return noFees
  if (client.account?.type !== 'smart') {
    const { maxFeePerGas } = await estimateFeesPerGas(chainClientOf(client as Client))
    return { ...noFees, coinWei: maxFeePerGas * gasOf(calls) }
  }
  const bundlerClient = client as SmartAccountClient
  const context = paymasterContextOf(bundlerClient, { contracts })
  if (client.type !== 'bundlerClient' || !paysFromWallet(context, contracts.token)) return noFees
  const gas = gasOf(calls) + operationGas
  return { ...noFees, tokenWei: (await getGasQuote(bundlerClient, { contracts, gas })).tokenWei }
}

/**
 * Some calls cannot be estimated before those in front of them have landed, so all are reckoned by what they write: a
 * slot of storage for every 32 bytes, as a registration or an offer does.
 */
function gasOf(calls: readonly Call[]): bigint {
  const gas = calls.reduce((sum, { data }) => sum + baseGas + gasPerByte * BigInt((data.length - 2) / 2), 0n)
  return (gas * 6n) / 5n
}

const baseGas = 65_000n
const gasPerByte = 22_100n / 32n + 16n
/** Deploying an account, and what account and paymaster do around the calls. */
const operationGas = 700_000n

/** Throws a sentence that says how much is missing, and how to come to it. */
export function requireFunds(options: {
  readonly account: Address
  readonly state: RegistrationState
  readonly stakeWei: bigint
  readonly wrapWei: bigint
  readonly fees: RegistrationFees
  readonly mayWrap: boolean
}): void {
  const { account, state, stakeWei, wrapWei, fees, mayWrap } = options
  const feesWei = fees.coinWei + fees.tokenWei
  const neededWei = wrapWei + fees.coinWei
  const costs = `${amount(stakeWei)} are to be staked${feesWei > 0n ? ` and about ${amount(feesWei)} paid for gas` : ''}`
  const holds = `${account} holds ${amount(state.tokenWei)} of tokens and ${amount(state.coinWei)} of coin`
  if (state.coinWei < neededWei) {
    throw new ComputeError({
      problem: `${costs}, but ${holds}: ${amount(neededWei - state.coinWei)} are missing.`,
      remedy:
        'Send it that much coin, and run this again: coin is wrapped into tokens, one to one. Tokens do as well.',
    })
  }
  if (wrapWei > 0n && !mayWrap) {
    throw new ComputeError({
      problem: `${costs}, but ${holds}: ${amount(wrapWei)} of tokens are missing.`,
      remedy: `Turn coin into tokens by wrapCoin({ amountWei: ${wrapWei}n }), or leave wrapping to registerProvider.`,
    })
  }
}
