// A fetch that pays by vouchers, without x402's packages: signs when it is told to, ahead by so many seconds that most
// requests need no signature, and keeps long jobs paid while they run.
import { createLaneTokenFetch, type Fetch } from './laneTokenFetch.ts'
import { askedByResponse } from './readVoucherRequirements.ts'
import { createVoucherPayer, type VoucherPayerParameters } from './voucherPayer.ts'
import { createVoucherUpkeep } from './voucherUpkeep.ts'
import { toBase64Json, toWireVoucher, voucherHeaders } from './voucherWire.ts'

export type CreatePayingFetchParameters = VoucherPayerParameters & {
  /** Default: 60. What is signed and not used when the session ends is lost to the payer. */
  readonly secondsAhead?: number | undefined
  readonly fetch?: Fetch | undefined
}
export type PayingFetch = Fetch & {
  /** Signs nothing more by itself. */
  readonly stop: () => void
}

/** A request that was overtaken by others may have to sign again. */
const mostSignatures = 4

/**
 * Returns a `fetch` that pays serverless endpoints. Where it will not sign, it throws `VoucherNotSignedError`.
 *
 * @example
 * import { createPayingFetch } from '@worldland-aa/sdk/serving/payingFetch'
 *
 * const payingFetch = createPayingFetch({
 *   contracts,
 *   chainId: 103,
 *   signer: voucherKey,
 *   sessions: [{ sessionId, pricePerSecondWei, budgetWei }],
 * })
 * const response = await payingFetch(`${providerUrl}/v2/${endpointId}/runsync`, {
 *   method: 'POST',
 *   body: JSON.stringify({ input }),
 * })
 */
export function createPayingFetch(parameters: CreatePayingFetchParameters): PayingFetch {
  const { secondsAhead = 60, fetch = globalThis.fetch } = parameters
  const payer = createVoucherPayer(parameters)
  const withToken = createLaneTokenFetch(fetch)

  async function pay(request: Request, aheadSeconds: number): Promise<Response> {
    let response = await withToken(request.clone())
    for (let signatures = 0; response.status === 402 && signatures < mostSignatures; signatures++) {
      const asked = askedByResponse(response)
      if (asked === undefined) return response
      await response.body?.cancel()
      const signed = await payer.sign(asked, BigInt(aheadSeconds) * asked.pricePerSecondWei)
      const paid = request.clone()
      paid.headers.set(voucherHeaders.voucher, toBase64Json(toWireVoucher(signed)))
      try {
        response = await withToken(paid)
      } finally {
        payer.answered(signed)
      }
      if (response.status === 403 && payer.refused(signed, asked)) {
        await response.body?.cancel()
        response = await withToken(request.clone())
      }
    }
    return response
  }

  const upkeep = createVoucherUpkeep({ secondsAhead, pay: request => pay(request, 0) })
  const paying: Fetch = async (input, init) => {
    const request = new Request(input, init)
    const done = upkeep.began(request.url)
    try {
      return await pay(request, secondsAhead)
    } finally {
      done()
    }
  }
  return Object.assign(paying, { stop: upkeep.stop })
}
