// Opens a session of pay per use with one signature: one user operation approves the budget and pays it into
// escrow.
import { type Address, zeroAddress } from 'viem'
import * as serverlessSession from '../../abi/serverlessSession.ts'
import { approveCall } from '../../account/approveCall.ts'
import { type Call, toCall } from '../../account/call.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type GetOfferErrorType, getOffer } from '../market/getOffer.ts'

type SessionTerms = {
  readonly offerId: bigint
  /** Token wei to pay in; what is not used comes back to the wei. */
  readonly budgetWei: bigint
  /** Last second, since 1970, of the use; within the offer's longest duration from now. */
  readonly expiresAtTimestamp: number
  /** Who may sign vouchers beside the payer, such as a key in a browser. Default: nobody. */
  readonly signer?: Address | undefined
}

export type OpenSessionParameters = BatchParameters &
  SessionTerms & {
    /** Most token wei for one second of use. Default: the offer's present price. */
    readonly maximumPricePerSecondWei?: bigint | undefined
  }
/** The user operation's hash; `SessionOpened` (see `waitForComputeEvent`) names the session. */
export type OpenSessionReturnType = BatchReturnType
export type OpenSessionErrorType = GetOfferErrorType | BatchErrorType

/**
 * Opens a session with one unit of a serverless offer.
 *
 * @example
 * import { openSession } from '@worldland-aa/sdk/actions/session/openSession'
 * import { waitForComputeEvent } from '@worldland-aa/sdk/events/waitForComputeEvent'
 * import { parseEther } from 'viem'
 *
 * const hash = await openSession(smartAccountClient, {
 *   contracts,
 *   offerId,
 *   budgetWei: parseEther('1'),
 *   expiresAtTimestamp: Math.floor(Date.now() / 1000) + 3600,
 *   signer: voucherKey.address,
 * })
 * const { args } = await waitForComputeEvent(smartAccountClient, {
 *   contracts,
 *   hash,
 *   contract: 'serverlessSession',
 *   eventName: 'SessionOpened',
 * })
 */
export async function openSession(
  client: SmartAccountClient,
  parameters: OpenSessionParameters,
): Promise<OpenSessionReturnType> {
  const { contracts, offerId } = parameters
  const maximumPricePerSecondWei =
    parameters.maximumPricePerSecondWei ?? (await getOffer(client, { contracts, offerId })).pricePerSecondWei
  const calls = openSession.calls({ ...parameters, maximumPricePerSecondWei })
  return await sendBatch(client, { ...parameters, calls })
}

/** The calls alone, for a batch of one's own. */
openSession.calls = (
  parameters: WithContracts & SessionTerms & { readonly maximumPricePerSecondWei: bigint },
): readonly Call[] => {
  const { contracts, offerId, budgetWei, maximumPricePerSecondWei, expiresAtTimestamp } = parameters
  const { signer = zeroAddress } = parameters
  return [
    approveCall({ token: contracts.token, spender: contracts.serverlessSession, amountWei: budgetWei }),
    toCall(contracts.serverlessSession, {
      abi: [serverlessSession.open],
      functionName: 'open',
      args: [offerId, budgetWei, maximumPricePerSecondWei, signer, expiresAtTimestamp],
    }),
  ]
}
