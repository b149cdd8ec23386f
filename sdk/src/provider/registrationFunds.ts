// Whether an account can pay for what is left of its registration, said before anything is sent.
import type { Address, Client } from 'viem'
import { estimateFeesPerGas } from 'viem/actions'
import type { Call } from '../account/call.ts'
import type { AccountClient } from '../account/sendCalls.ts'
import { chainClientOf } from '../clients/chainClientOf.ts'
import { ComputeError } from '../errors/computeError.ts'
import { amount } from '../errors/sentences/amount.ts'
import type { RegistrationState } from './registration.ts'

/**
 * What ordinary transactions cost at most, native wei. Some calls cannot be estimated before those in front of them
 * have landed, so all are reckoned by what they write: a registration or an offer with full texts, and a fifth on top.
 */
export async function feesOf(client: AccountClient, calls: readonly Call[]): Promise<bigint> {
  if (calls.length === 0 || client.account?.type === 'smart') return 0n
  const chainClient = chainClientOf(client as Client)
  const { maxFeePerGas } = await estimateFeesPerGas(chainClient)
  const gas = calls.reduce((sum, { data }) => sum + baseGas + gasPerByte * BigInt((data.length - 2) / 2), 0n)
  return (maxFeePerGas * gas * 6n) / 5n
}

/** The fixed part of the dearest call but an offer, and a slot of storage for every 32 bytes that a call brings. */
const baseGas = 65_000n
const gasPerByte = 22_100n / 32n + 16n

/** Throws a sentence that says how much is missing, and how to come to it. */
export function requireFunds(options: {
  readonly account: Address
  readonly state: RegistrationState
  readonly stakeWei: bigint
  readonly wrapWei: bigint
  readonly feesWei: bigint
  readonly mayWrap: boolean
}): void {
  const { account, state, stakeWei, wrapWei, feesWei, mayWrap } = options
  const neededWei = wrapWei + feesWei
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
