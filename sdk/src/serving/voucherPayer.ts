// Signs vouchers for requests: one after the other for each right, so that parallel requests each have one of their own.
// What was signed last is this client's own record, or a voucher of the server's that bears its own signature; a server's
// number alone is never believed.
import { hashTypedData, isAddress, isAddressEqual, recoverAddress } from 'viem'
import type { TypedDataSigner } from '../account/typedDataSigner.ts'
import { rootRightOf } from '../actions/rights/rootRightOf.ts'
import { signVoucher } from '../actions/session/signVoucher.ts'
import { type SignedVoucher, voucherTypedData } from '../actions/session/voucher.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import type { AskedPayment } from './readVoucherRequirements.ts'
import { fitsSession, type GuardLimits, guardVoucher, type PayingSession } from './voucherGuard.ts'
import { VoucherNotSignedError } from './voucherNotSigned.ts'
import { voucherNetwork } from './voucherWire.ts'

/** Keeps the last voucher of each right, so that a restart goes on from it. */
export type VoucherStore = {
  load(lane: string): Promise<SignedVoucher | undefined>
  save(lane: string, signed: SignedVoucher): Promise<void>
}

export type VoucherPayerParameters = WithContracts &
  GuardLimits & {
    readonly chainId: number
    /** A holder of the sessions' rights: a key, or a smart account that is deployed. */
    readonly signer: TypedDataSigner
    /** The first that fits is paid from; one whose vouchers a server refuses, after all others. */
    readonly sessions: readonly PayingSession[]
    /** Default: in memory alone; after a restart the servers tell, by vouchers that this client signed. */
    readonly store?: VoucherStore | undefined
  }

export type VoucherPayer = {
  /**
   * Signs the next voucher for what is asked. Throws `VoucherNotSignedError`.
   * @param aheadWei Signed beyond what is asked, as far as budget and guard allow.
   */
  sign(asked: AskedPayment, aheadWei?: bigint): Promise<SignedVoucher>
  /** The server has answered: the voucher is under way no more. */
  answered(signed: SignedVoucher): void
  /** The server takes no vouchers of this session or right any more: whether another session may pay instead. */
  refused(signed: SignedVoucher, asked: AskedPayment): boolean
  /** Takes up what the server says was signed last, where this client did sign it. */
  learn(asked: AskedPayment): Promise<void>
}

type Lane = {
  last: SignedVoucher | undefined
  startedWei: bigint
  startedAtMilliseconds: number
  /** Vouchers whose answer is not in, by sequence, and since when. */
  readonly underWay: Map<bigint, number>
}

/** After that an answer will not come. */
const underWayMilliseconds = 120_000

export function createVoucherPayer(parameters: VoucherPayerParameters): VoucherPayer {
  const { contracts, chainId, signer, sessions, store } = parameters
  const lanes = new Map<string, Lane>()
  /** Whose vouchers were refused. */
  const aside = new Set<string>()
  let turn: Promise<unknown> = Promise.resolve()

  /** One after the other: each goes on from the one before. */
  function inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(act, act)
    turn = mine.catch(() => undefined)
    return mine
  }

  const rightOf = (session: PayingSession): bigint =>
    session.rightId ?? rootRightOf({ market: contracts.serverlessSession, agreementId: session.sessionId })

  const nameOf = (session: PayingSession): string => `${session.sessionId}:${rightOf(session)}`
  const fitting = (asked: AskedPayment): readonly PayingSession[] =>
    sessions.filter(
      one => fitsSession(one, asked) && (asked.lane === undefined || asked.lane.rightId === rightOf(one)),
    )

  function sessionFor(asked: AskedPayment): PayingSession {
    const { network, asset, serverlessSession } = asked
    const isHere =
      network === voucherNetwork(chainId) &&
      isSame(asset, contracts.token) &&
      isSame(serverlessSession, contracts.serverlessSession)
    if (!isHere) {
      throw new VoucherNotSignedError(
        'place',
        `The server asks for ${asset} on ${network} by vouchers of ${serverlessSession}; this client pays ${contracts.token} on ${voucherNetwork(chainId)} by those of ${contracts.serverlessSession}`,
      )
    }
    const fit = fitting(asked)
    const session = fit.find(one => !aside.has(nameOf(one))) ?? fit[0]
    if (session !== undefined) return session
    throw new VoucherNotSignedError(
      'session',
      `None of this client's sessions is served here: open one of offer ${asked.offerIds.join(' or ')}`,
    )
  }

  async function laneOf(session: PayingSession): Promise<Lane> {
    const name = nameOf(session)
    const known = lanes.get(name)
    if (known !== undefined) return known
    const last = await store?.load(name)
    const lane: Lane = {
      last,
      startedWei: last?.voucher.cumulativeWei ?? 0n,
      startedAtMilliseconds: Date.now(),
      underWay: new Map(),
    }
    lanes.set(name, lane)
    return lane
  }

  async function isOwn({ voucher, signer: claimed, signature }: SignedVoucher): Promise<boolean> {
    if (!isAddressEqual(claimed, signer.address)) return false
    const typedData = voucherTypedData({ contracts, chainId, voucher })
    const hash = hashTypedData(typedData)
    const key = await recoverAddress({ hash, signature }).catch(() => undefined)
    if (key !== undefined && isAddressEqual(key, signer.address)) return true
    // A smart account's signature is no key's; a key signs the same thing alike, so signing it again tells.
    return (await signer.signTypedData(typedData)) === signature
  }

  async function adopt(session: PayingSession, lane: Lane, asked: AskedPayment): Promise<void> {
    const told = asked.lane?.last
    if (told === undefined || told.voucher.sequence <= (lane.last?.voucher.sequence ?? 0n)) return
    if (told.voucher.sessionId !== session.sessionId || told.voucher.rightId !== rightOf(session)) return
    if (!(await isOwn(told))) return
    // Signed before this client began: what it may be asked for since then counts from there.
    lane.startedWei += told.voucher.cumulativeWei - (lane.last?.voucher.cumulativeWei ?? 0n)
    lane.last = told
    await store?.save(nameOf(session), told)
  }

  function nextWei({ last, underWay }: Lane, asked: AskedPayment): bigint {
    const lastWei = last?.voucher.cumulativeWei ?? 0n
    const now = Date.now()
    for (const [sequence, since] of underWay)
      if (now - since > underWayMilliseconds) underWay.delete(sequence)
    // Others are under way that the server had not seen when it asked: each needs as much for itself.
    if (underWay.size > 0) return lastWei + (asked.amountWei > 0n ? asked.amountWei : 1n)
    if (asked.lane !== undefined && asked.lane.cumulativeWei > lastWei) return asked.lane.cumulativeWei
    // The server does not know yet whom it asks, and may be paid already: the least step shows it.
    return last === undefined && asked.amountWei > 0n ? asked.amountWei : lastWei + 1n
  }

  async function signNext(asked: AskedPayment, aheadWei: bigint): Promise<SignedVoucher> {
    const session = sessionFor(asked)
    const lane = await laneOf(session)
    await adopt(session, lane, asked)
    const { pricePerSecondWei } = session
    const guarded = (cumulativeWei: bigint): bigint => {
      const secondsSinceStart = (Date.now() - lane.startedAtMilliseconds) / 1_000
      guardVoucher(
        { cumulativeWei, asked, startedWei: lane.startedWei, secondsSinceStart },
        session,
        parameters,
      )
      return cumulativeWei
    }
    const leastWei = guarded(nextWei(lane, asked))
    let cumulativeWei = leastWei
    try {
      // Of requests sent at once, one is enough to be ahead.
      if (aheadWei > 0n && lane.underWay.size === 0) cumulativeWei = guarded(leastWei + aheadWei)
    } catch {
      // So much ahead is more than it may be; what is asked is not.
    }
    const before = lane.last?.voucher
    const units = (cumulativeWei + pricePerSecondWei - 1n) / pricePerSecondWei
    const signed = await signVoucher({
      ...{ contracts, chainId, signer },
      voucher: {
        sessionId: session.sessionId,
        rightId: rightOf(session),
        cumulativeWei,
        sequence: (before?.sequence ?? 0n) + 1n,
        units: before !== undefined && before.units > units ? before.units : units,
        // Whether this record is behind, the server tells who signs now.
        ...(asked.challenge !== undefined && { receiptsRoot: asked.challenge }),
      },
    })
    // On record before it is out: what is out can be redeemed.
    await store?.save(nameOf(session), signed)
    lane.last = signed
    lane.underWay.set(signed.voucher.sequence, Date.now())
    return signed
  }

  return {
    sign: (asked, aheadWei = 0n) => inTurn(() => signNext(asked, aheadWei)),
    answered({ voucher }) {
      lanes.get(`${voucher.sessionId}:${voucher.rightId}`)?.underWay.delete(voucher.sequence)
    },
    refused({ voucher }, asked) {
      aside.add(`${voucher.sessionId}:${voucher.rightId}`)
      return fitting(asked).some(one => !aside.has(nameOf(one)))
    },
    learn: asked =>
      inTurn(async () => {
        const session = sessionFor(asked)
        await adopt(session, await laneOf(session), asked)
      }),
  }
}

function isSame(one: string, other: string): boolean {
  return isAddress(one, { strict: false }) && isAddressEqual(one, other as `0x${string}`)
}
