// Vouchers for the unmodified x402 client: one scheme, and the configuration that lets it be used.
import type { SignedVoucher } from '../actions/session/voucher.ts'
import { createLaneTokenFetch, type Fetch } from './laneTokenFetch.ts'
import { readVoucherRequirements } from './readVoucherRequirements.ts'
import { createVoucherPayer, type VoucherPayerParameters } from './voucherPayer.ts'
import { toWireVoucher, voucherNetwork, voucherSchemeName, type WireVoucher } from './voucherWire.ts'

/** What `@x402/core` asks of a scheme. */
export type VoucherSchemeClient = {
  readonly scheme: typeof voucherSchemeName
  createPaymentPayload(
    x402Version: number,
    requirements: object,
  ): Promise<{ readonly x402Version: number; readonly payload: WireVoucher }>
  readonly schemeHooks: {
    /** A refusal that tells of a voucher which this client has signed and lost is mended, and the request sent again. */
    onPaymentResponse(answer: {
      readonly paymentPayload: { readonly payload?: unknown }
      readonly requirements: object
      readonly paymentRequired?: { readonly accepts: readonly unknown[] } | undefined
    }): Promise<undefined | { readonly recovered: true }>
  }
}

export type CreateVoucherSchemeParameters = VoucherPayerParameters & {
  /** The most that one request may raise, token wei: for x402's own spend controls. Default: no bound but the budgets. */
  readonly maximumRaiseWei?: bigint | undefined
  readonly fetch?: Fetch | undefined
}
export type CreateVoucherSchemeReturnType = {
  /** For `wrapFetchWithPaymentFromConfig(paying.fetch, paying.config)`. */
  readonly config: {
    readonly schemes: { readonly network: `eip155:${number}`; readonly client: VoucherSchemeClient }[]
    readonly spendControls: {
      readonly allowedAssets: {
        readonly network: `eip155:${number}`
        readonly asset: string
        readonly maxAmountPerPayment?: string
      }[]
    }
  }
  /** Shows the lane token it was given, which spares most requests their signature. Any fetch will do. */
  readonly fetch: Fetch
}

/**
 * Returns what x402's `wrapFetchWithPaymentFromConfig` takes to pay serverless endpoints by vouchers.
 *
 * @example
 * import { createVoucherScheme } from '@worldland-aa/sdk/serving/voucherScheme'
 * import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
 *
 * const paying = createVoucherScheme({
 *   contracts,
 *   chainId: 103,
 *   signer: voucherKey,
 *   sessions: [{ sessionId, pricePerSecondWei, budgetWei }],
 * })
 * const payingFetch = wrapFetchWithPaymentFromConfig(paying.fetch, paying.config)
 */
export function createVoucherScheme(
  parameters: CreateVoucherSchemeParameters,
): CreateVoucherSchemeReturnType {
  const { contracts, chainId, maximumRaiseWei, fetch = globalThis.fetch } = parameters
  const payer = createVoucherPayer(parameters)
  const network = voucherNetwork(chainId)
  /** By signature: what the client hands back is its copy. */
  const sent = new Map<string, SignedVoucher>()
  /** The client tries again by what it was told at first, not by what the second answer says: here by the first, the second. */
  const newest = new WeakMap<object, unknown>()

  const client: VoucherSchemeClient = {
    scheme: voucherSchemeName,
    async createPaymentPayload(x402Version, requirements) {
      const asked = readVoucherRequirements(newest.get(requirements) ?? requirements)
      newest.delete(requirements)
      if (asked === undefined) throw new Error('The server asks for a payment that makes no sense')
      const signed = await payer.sign(asked)
      sent.set(signed.signature, signed)
      return { x402Version, payload: toWireVoucher(signed) }
    },
    schemeHooks: {
      async onPaymentResponse({ paymentPayload, paymentRequired, requirements }) {
        const { signature } = paymentPayload.payload as WireVoucher
        const signed = sent.get(signature)
        sent.delete(signature)
        if (signed !== undefined) payer.answered(signed)
        const again = paymentRequired?.accepts.find(one => readVoucherRequirements(one)?.lane !== undefined)
        if (again === undefined) return undefined
        newest.set(requirements, again)
        return { recovered: true }
      },
    },
  }
  return {
    config: {
      schemes: [{ network, client }],
      spendControls: {
        allowedAssets: [
          {
            network,
            asset: contracts.token,
            ...(maximumRaiseWei !== undefined && { maxAmountPerPayment: maximumRaiseWei.toString() }),
          },
        ],
      },
    },
    fetch: createLaneTokenFetch(fetch),
  }
}
