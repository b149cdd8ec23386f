// A provider stops selling an offer for a while, or goes on.
import * as offerBook from '../abi/offerBook.ts'
import { type Call, toCall } from '../account/call.ts'
import {
  type AccountClient,
  type SendCallsErrorType,
  type SendCallsReturnType,
  sendCalls,
} from '../account/sendCalls.ts'
import type { WithContracts } from '../chains/computeContracts.ts'

export type PauseOfferParameters = WithContracts & {
  readonly offerId: bigint
  /** Default: true; false resumes. */
  readonly paused?: boolean | undefined
}
export type PauseOfferReturnType = SendCallsReturnType
export type PauseOfferErrorType = SendCallsErrorType

/**
 * Pauses or resumes an offer; running leases and sessions go on.
 *
 * @example
 * import { pauseOffer } from '@worldland-aa/sdk/provider/pauseOffer'
 *
 * await pauseOffer(walletClient, { contracts, offerId: 1n })
 */
export async function pauseOffer(
  client: AccountClient,
  parameters: PauseOfferParameters,
): Promise<PauseOfferReturnType> {
  return await sendCalls(client, { contracts: parameters.contracts, calls: pauseOffer.calls(parameters) })
}

/** The calls alone, for a batch of one's own. */
pauseOffer.calls = (parameters: PauseOfferParameters): readonly Call[] => {
  const { contracts, offerId, paused = true } = parameters
  return [
    toCall(contracts.offerBook, {
      abi: [offerBook.setPaused],
      functionName: 'setPaused',
      args: [offerId, paused],
    }),
  ]
}
