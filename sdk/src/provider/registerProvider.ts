// Makes an account a provider: wraps what is missing, registers it, lets the markets lock its bond, stakes the bond,
// posts its offers. Stopped anywhere, it goes on from there.
import type { Address, Client } from 'viem'
import { getTransactionCount } from 'viem/actions'
import type { Call } from '../account/call.ts'
import { type BlocksElapsedError, pollByBlocks } from '../account/pollByBlocks.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { FindOffersErrorType } from '../actions/market/findOffers.ts'
import type { GetProviderErrorType } from '../actions/market/getProvider.ts'
import { chainClientOf } from '../clients/chainClientOf.ts'
import { ComputeError } from '../errors/computeError.ts'
import {
  missingStake,
  type Registration,
  type RegistrationState,
  readRegistration,
  remainingCalls,
} from './registration.ts'
import { feesOf, requireFunds } from './registrationFunds.ts'

export type RegisterProviderParameters = Registration & {
  /** Whether coin of the account becomes the tokens that the stake lacks (`wrapCoin`). Default: true. */
  readonly wrapMissing?: boolean | undefined
}
/** Only what was still to be done: no transactions if that was nothing. */
export type RegisterProviderReturnType = SendCallsReturnType
/** A `ComputeError` before anything is sent if the account cannot pay for all of it. */
export type RegisterProviderErrorType =
  | SendCallsErrorType
  | GetProviderErrorType
  | FindOffersErrorType
  | BlocksElapsedError

/**
 * Registers the client's account as a provider, or completes what an earlier run began: it looks at the chain and
 * sends what is missing. Run again with another stake, URI, key or more offers, it brings these up to date.
 *
 * @example
 * import { parseEther } from 'viem'
 * import { registerProvider } from '@worldland-aa/sdk/provider/registerProvider'
 *
 * await registerProvider(walletClient, {
 *   contracts,
 *   metadataUri: 'https://provider.example/about.json',
 *   sealKey: sealingKey.publicKey,
 *   stakeWei: parseEther('100'),
 *   offers: [offer],
 * })
 */
export async function registerProvider(
  client: AccountClient,
  parameters: RegisterProviderParameters,
): Promise<RegisterProviderReturnType> {
  const { contracts, wrapMissing = true } = parameters
  const account = senderOf(client)
  const chainClient = chainClientOf(client as Client)
  await untilNothingIsPending(chainClient, account)
  const present = await readRegistration(chainClient, { account, registration: parameters })
  const fees = await feesOf(client, {
    contracts,
    calls: remainingCalls(parameters, { account, state: present }),
  })
  const state = { ...present, feesWei: fees.tokenWei }
  requireFunds({ account, state, ...missingStake(parameters, state), fees, mayWrap: wrapMissing })
  const calls = remainingCalls(parameters, { account, state })
  return await sendCalls(client, { contracts, calls })
}

/** The calls of an account that has done none of it yet, and that holds the tokens. For a batch of one's own. */
registerProvider.calls = (parameters: Registration & { readonly payout: Address }): readonly Call[] => {
  const nothing: RegistrationState = {
    provider: undefined,
    stakedWei: 0n,
    allowedMarkets: [],
    offers: [],
    tokenWei: parameters.stakeWei,
    allowanceWei: 0n,
    coinWei: 0n,
    feesWei: 0n,
  }
  return remainingCalls(parameters, { account: parameters.payout, state: nothing })
}

function senderOf({ account }: AccountClient): Address {
  if (account !== undefined) return account.address
  throw new ComputeError({
    problem: 'There is no account to register.',
    remedy: 'Create the client with `account`.',
  })
}

/** What a run before left in the pool would otherwise be sent a second time. */
async function untilNothingIsPending(client: Client, address: Address): Promise<void> {
  await pollByBlocks(client, {
    what: `Mining of what ${address} has sent before`,
    timeoutBlocks: 50n,
    look: async () => {
      const [latest, pending] = await Promise.all([
        getTransactionCount(client, { address, blockTag: 'latest' }),
        getTransactionCount(client, { address, blockTag: 'pending' }),
      ])
      return pending > latest ? undefined : true
    },
  })
}
