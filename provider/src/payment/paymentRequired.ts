// What whoever does not pay is told, in x402 v2's form: a sentence, and all that is needed to sign the voucher that would do.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import {
  toBase64Json,
  toWireVoucher,
  type VoucherPaymentRequired,
  type VoucherTerms,
  voucherHeaders,
  voucherNetwork,
  voucherSchemeName,
  type WireLane,
} from '@worldland-aa/sdk/serving/voucherWire'
import type { Address } from 'viem'
import type { Challenges } from './challenges.ts'
import type { LaneAccount } from './laneBook.ts'
import { unitsOf } from './owed.ts'
import type { PaidEndpoint, PaymentRefusal } from './paymentGate.ts'

export type PaymentRequired = (asked: {
  readonly error: string
  readonly request: Request
  readonly endpoint: PaidEndpoint
  readonly pricePerSecondWei: bigint
  /** Where it is known whose lane it is. `neededWei`: what has to be signed in all. */
  readonly lane?: { readonly account: LaneAccount; readonly neededWei: bigint }
  /** Without a lane: what one request needs. */
  readonly amountWei: bigint
}) => PaymentRefusal

const mostUrlCharacters = 512
/** A voucher does not expire by itself; the field has to say something. */
const maxTimeoutSeconds = 300

export function createPaymentRequired(options: {
  readonly contracts: ComputeContracts
  readonly chainId: number
  readonly provider: Address
  readonly challenges: Pick<Challenges, 'issue'>
}): PaymentRequired {
  const { contracts, chainId, provider, challenges } = options
  return ({ error, request, endpoint, pricePerSecondWei, lane, amountWei }) => {
    const wireLane = lane && laneTerms(lane.account, lane.neededWei)
    const extra: VoucherTerms = {
      serverlessSession: contracts.serverlessSession,
      usageRights: contracts.usageRights,
      provider,
      pricePerSecondWei: pricePerSecondWei.toString(),
      offerIds: endpoint.offerIds.map(String),
      reserveSeconds: endpoint.reserveSeconds,
      ...(wireLane === undefined ? { challenge: challenges.issue() } : { lane: wireLane }),
    }
    const raiseWei =
      lane === undefined || wireLane === undefined
        ? amountWei
        : BigInt(wireLane.cumulativeWei) - lane.account.signed.voucher.cumulativeWei
    const body: VoucherPaymentRequired = {
      x402Version: 2,
      error,
      resource: {
        url: request.url.slice(0, mostUrlCharacters),
        description: 'Use of a GPU endpoint, by the second',
        mimeType: 'application/json',
      },
      accepts: [
        {
          scheme: voucherSchemeName,
          network: voucherNetwork(chainId),
          amount: raiseWei.toString(),
          asset: contracts.token,
          payTo: provider,
          maxTimeoutSeconds,
          extra,
        },
      ],
    }
    return { status: 402, headers: { [voucherHeaders.required]: toBase64Json(body) }, body }
  }
}

function laneTerms({ payer, signed, pricePerSecondWei }: LaneAccount, neededWei: bigint): WireLane {
  const { voucher } = signed
  // Whoever is covered has to show that it is them, and there is no smaller step.
  const cumulativeWei = neededWei > voucher.cumulativeWei ? neededWei : voucher.cumulativeWei + 1n
  // Seconds of a lane never fall, and a client may have said more than it had to.
  let units = unitsOf(cumulativeWei, pricePerSecondWei)
  if (units < voucher.units) units = voucher.units
  return {
    sessionId: payer.sessionId.toString(),
    rightId: payer.rightId.toString(),
    cumulativeWei: cumulativeWei.toString(),
    sequence: (voucher.sequence + 1n).toString(),
    units: units.toString(),
    last: toWireVoucher(signed),
  }
}
