// What a provider asks before it serves the next request: is this voucher worth what it says?
import { type Client, hashTypedData, type ReadContractErrorType } from 'viem'
import { getBlockNumber, getChainId } from 'viem/actions'
import { isSignatureOf } from '../../account/isSignatureOf.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { getRight, type Right } from '../rights/getRight.ts'
import { isRightAuthorized } from '../rights/isRightAuthorized.ts'
import { getSession } from './getSession.ts'
import type { Session } from './session.ts'
import { type SignedVoucher, voucherTypedData } from './voucher.ts'
import { readVoucherFunds, shortRightOf } from './voucherFunds.ts'

export type VerifyVoucherParameters = WithContracts & {
  readonly signed: SignedVoucher
  /**
   * The last voucher accepted of every right of the session, this one's included, that is not redeemed yet. Rights
   * share budgets: what is left out here is not counted, and may later find nothing left.
   */
  readonly accepted?: readonly SignedVoucher[] | undefined
}
/** `payableWei`: token wei that redeeming it pays now, what was redeemed before taken off. */
export type VerifyVoucherReturnType =
  | { readonly ok: true; readonly payableWei: bigint }
  | { readonly ok: false; readonly problem: string }
export type VerifyVoucherErrorType = ReadContractErrorType

/**
 * Verifies a voucher against the chain as it stands: signature, right, session, price, that it goes beyond the last
 * one, and that every budget it is drawn on pays it and all that was accepted before. Once accepted it stays payable
 * for an hour of blocks, whatever the payer or a holder does: signs, grants, revokes, transfers, lends, closes.
 *
 * @example
 * import { verifyVoucher } from '@worldland-aa/sdk/actions/session/verifyVoucher'
 *
 * const verdict = await verifyVoucher(publicClient, { contracts, signed, accepted })
 * if (!verdict.ok) throw new Error(verdict.problem)
 */
export async function verifyVoucher(
  client: Client | SmartAccountClient,
  parameters: VerifyVoucherParameters,
): Promise<VerifyVoucherReturnType> {
  const { contracts, signed, accepted = [] } = parameters
  const { voucher, signer, signature } = signed
  const chainClient = chainClientOf(client)
  const blockNumber = await getBlockNumber(chainClient, { cacheTime: 0 })
  const latest = latestByRight(accepted, voucher.sessionId)
  const previous = latest.get(voucher.rightId)
  latest.delete(voucher.rightId)
  const [session, right, chainId, isHolder, funds, ...others] = await Promise.all([
    getSession(chainClient, { contracts, sessionId: voucher.sessionId, blockNumber }),
    getRight(chainClient, { contracts, rightId: voucher.rightId, blockNumber }),
    chainClient.chain?.id ?? getChainId(chainClient),
    isRightAuthorized(chainClient, {
      contracts,
      rightId: voucher.rightId,
      user: signer,
      acts: ['use'],
      blockNumber,
    }),
    readVoucherFunds(chainClient, { contracts, voucher, blockNumber }),
    ...[...latest.values()].map(other =>
      readVoucherFunds(chainClient, { contracts, voucher: other, blockNumber }),
    ),
  ])
  const last = previous ?? funds.redeemed
  const short = shortRightOf(funds, others)
  const problem =
    problemOfPlace(signed, { contracts, session, right }) ??
    (isHolder ? undefined : `${signer} holds no right in force that allows use through ${voucher.rightId}`) ??
    problemOfAmount(signed, { session, last }) ??
    (short === undefined
      ? undefined
      : `Right ${short.rightId} has only ${short.leftWei} wei left for ${funds.payableWei}, accepted vouchers taken off`)
  if (problem !== undefined) return { ok: false, problem }
  const hash = hashTypedData(voucherTypedData({ contracts, chainId, voucher }))
  if (await isSignatureOf(chainClient, { signer, hash, signature })) {
    return { ok: true, payableWei: funds.payableWei }
  }
  return { ok: false, problem: `The signature is not ${signer}'s over this voucher` }
}

/** Each replaces the one before it. */
function latestByRight(
  accepted: readonly SignedVoucher[],
  sessionId: bigint,
): Map<bigint, SignedVoucher['voucher']> {
  const latest = new Map<bigint, SignedVoucher['voucher']>()
  for (const { voucher } of accepted) {
    const before = latest.get(voucher.rightId)
    const isLater = before === undefined || voucher.cumulativeWei > before.cumulativeWei
    if (voucher.sessionId === sessionId && isLater) latest.set(voucher.rightId, voucher)
  }
  return latest
}

function problemOfPlace(
  { voucher }: SignedVoucher,
  place: WithContracts & { readonly session: Session; readonly right: Right },
): string | undefined {
  const { contracts, session, right } = place
  if (session.state !== 'open') return `Session ${session.sessionId} is ${session.state}`
  const isOfSession =
    right.agreementId === voucher.sessionId &&
    right.market.toLowerCase() === contracts.serverlessSession.toLowerCase()
  return isOfSession ? undefined : `Right ${right.rightId} does not stem from session ${session.sessionId}`
}

function problemOfAmount(
  { voucher }: SignedVoucher,
  against: {
    readonly session: Session
    readonly last: Pick<SignedVoucher['voucher'], 'cumulativeWei' | 'sequence' | 'units'>
  },
): string | undefined {
  const { session, last } = against
  if (voucher.cumulativeWei <= last.cumulativeWei)
    return `It does not exceed the last ${last.cumulativeWei} wei`
  if (voucher.sequence <= last.sequence) return `Its sequence does not exceed the last, ${last.sequence}`
  if (voucher.units < last.units) return `It falls behind the last ${last.units} units`
  const worthWei = voucher.units * session.pricePerSecondWei
  return voucher.cumulativeWei > worthWei
    ? `${voucher.units} units are worth only ${worthWei} wei`
    : undefined
}
