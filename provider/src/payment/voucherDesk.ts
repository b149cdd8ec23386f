// Takes vouchers: asks whose it is, whether they may use the endpoint, whether it is paid, and books it. Vouchers of one
// moment are judged one after the other: between the judgement and the booking nothing waits.
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import type { SignerThread } from '@worldland-aa/service/crypto/signerThread'
import type { Outcome } from '../outcome.ts'
import type { ChainFacts, Redeemed } from './chainFacts.ts'
import type { Challenges } from './challenges.ts'
import type { ContractSigners, TrialProblem } from './contractSigners.ts'
import { judgeVoucher, type OtherLane, type VoucherProblem } from './judgeVoucher.ts'
import { payerOf } from './lane.ts'
import type { LaneBook } from './laneBook.ts'
import type { LookAhead } from './lookAhead.ts'
import type { PaidEndpoint, Payer } from './paymentGate.ts'
import { createSeenSequences } from './seenSequences.ts'
import type { LaneFunds, SessionFunds } from './sessionFunds.ts'
import {
  endpointOf,
  type SessionFor,
  type Standing,
  type StandingOf,
  type StandingProblem,
} from './standing.ts'
import type { VoucherDigest } from './voucherDigest.ts'

export type DeskProblem = (StandingProblem | VoucherProblem | TrialProblem) & {
  /** Whose lane it is, once that is established: they may be told how it stands. */
  readonly payer?: Payer
}
/** With what the chain says of the lane: so much is everybody's to know. */
type JudgedProblem = DeskProblem & { readonly redeemed?: Redeemed }
/** `saved`: it is on the disk. */
export type TakenVoucher = { readonly payer: Payer; readonly saved: Promise<void> }

export type VoucherDesk = {
  take(signed: SignedVoucher, endpoint: PaidEndpoint): Promise<Outcome<TakenVoucher, DeskProblem>>
}

type Amounts = SignedVoucher['voucher']
type Gathered = Standing & { readonly redeemed: Redeemed; readonly funds: ReadonlyMap<string, LaneFunds> }

/** The chain moved on, or another lane came, while the chain was asked: everything has to be of one block. */
const mostTries = 4

export function createVoucherDesk(options: {
  readonly facts: ChainFacts
  readonly lookAhead: Pick<LookAhead, 'ofLane'>
  readonly funds: SessionFunds
  readonly book: LaneBook
  readonly sessionFor: SessionFor
  readonly standingOf: StandingOf
  readonly digestOf: VoucherDigest
  /** What it refuses, the chain would not redeem. */
  readonly signers: Pick<SignerThread, 'signerOf'>
  readonly contractSigners: ContractSigners
  readonly challenges: Pick<Challenges, 'take'>
}): VoucherDesk {
  const { facts, lookAhead, book, sessionFor, standingOf, digestOf, signers } = options
  const { contractSigners, challenges } = options
  const seen = createSeenSequences()

  async function signatureKind(signed: SignedVoucher): Promise<'key' | 'contract' | 'none'> {
    const { voucher, signature, signer } = signed
    if (await facts.isContract({ payer: payerOf(voucher), signer })) return 'contract'
    const signedBy = await signers.signerOf(digestOf(voucher), signature)
    return signedBy === signer.toLowerCase() ? 'key' : 'none'
  }

  const othersOf = (payer: Payer) =>
    book.ofSession(payer.sessionId).filter(account => account.payer.lane !== payer.lane)

  async function gather(
    signed: SignedVoucher,
    endpoint: PaidEndpoint,
  ): Promise<Outcome<Gathered, StandingProblem>> {
    const payer = payerOf(signed.voucher)
    const standing = await standingOf({ payer, signer: signed.signer }, endpoint)
    if (!standing.ok) return standing
    const [redeemed, funds] = await Promise.all([
      facts.redeemed(payer),
      options.funds.of(
        standing.value.session,
        othersOf(payer).map(account => account.payer),
      ),
    ])
    return { ok: true, value: { ...standing.value, redeemed, funds } }
  }

  /** Of this very moment; undefined: of a lane that came meanwhile nothing is known yet. */
  function presentOthers(payer: Payer, { funds }: Gathered): readonly OtherLane[] | undefined {
    const others: OtherLane[] = []
    for (const account of othersOf(payer)) {
      const known = funds.get(account.payer.lane)
      if (known === undefined) return undefined
      others.push({ ...known, cumulativeWei: account.signed.voucher.cumulativeWei })
    }
    return others
  }

  /** Redeemed vouchers are everybody's to read, and those before them too. */
  function isOvertaken(voucher: Amounts, last: Amounts | undefined, redeemed: Redeemed): boolean {
    if (last === undefined || voucher.cumulativeWei >= last.cumulativeWei) return false
    if (voucher.sequence <= redeemed.sequence) return false
    return seen.isLate(payerOf(voucher).lane, voucher.sequence, last.sequence)
  }

  /** Books it where its signature is settled; else says only whether it would. */
  async function judge(
    signed: SignedVoucher,
    endpoint: PaidEndpoint,
    signature: { readonly isSettled: boolean },
  ): Promise<Outcome<TakenVoucher | undefined, JudgedProblem>> {
    const payer = payerOf(signed.voucher)
    for (let tries = 0; tries < mostTries; tries++) {
      const { hash } = facts.head()
      const gathered = await gather(signed, endpoint)
      if (!gathered.ok) return gathered
      const others = presentOthers(payer, gathered.value)
      if (others === undefined || facts.head().hash !== hash) continue
      const last = book.get(payer.lane)?.signed.voucher
      if (isOvertaken(signed.voucher, last, gathered.value.redeemed)) {
        if (!signature.isSettled) return { ok: true, value: undefined }
        seen.takeLate(payer.lane, signed.voucher.sequence, last?.sequence ?? 0n)
        return { ok: true, value: { payer, saved: book.durable(payer.lane) } }
      }
      const problem = judgeVoucher({ voucher: signed.voucher, ...gathered.value, last, others })
      if (problem !== undefined) return refuse({ ...problem, payer, redeemed: gathered.value.redeemed })
      if (!signature.isSettled) return { ok: true, value: undefined }
      const { pricePerSecondWei, blockNumber } = gathered.value.session
      seen.took(payer.lane, signed.voucher.sequence, last?.sequence)
      return {
        ok: true,
        value: { payer, saved: book.take(signed, { pricePerSecondWei, takenAtBlock: blockNumber }) },
      }
    }
    return refuse({ code: 'unknown', message: 'The chain moved while it was asked: try again' })
  }

  /**
   * How the lane stands is told to who signed for it just now: not to who shows a voucher that was read on the chain, or in a
   * redemption on its way there, nor to who claims the word of a contract that was not asked.
   */
  async function discreet(
    signed: SignedVoucher,
    { redeemed, ...problem }: JudgedProblem,
    kind: 'key' | 'contract',
  ): Promise<DeskProblem> {
    const { payer } = problem
    if (payer === undefined || redeemed === undefined) return problem
    const { sequence, receiptsRoot } = signed.voucher
    const isPublic = sequence <= redeemed.sequence || sequence <= book.shownSequence(payer.lane)
    const isFresh = !isPublic || challenges.take(receiptsRoot)
    const isProven =
      isFresh && (kind === 'key' || (await contractSigners.signed(signed, digestOf(signed.voucher))))
    if (isProven) return problem
    return {
      code: problem.code,
      message: `The voucher does not go beyond what is redeemed or signed (redeemed: ${redeemed.cumulativeWei} wei, sequence ${redeemed.sequence}, ${redeemed.units} units): sign one that does, or, where its amounts are lost, one with extra.challenge of this answer as its receiptsRoot`,
    }
  }

  return {
    async take(signed, endpoint) {
      const payer = payerOf(signed.voucher)
      lookAhead.ofLane({ payer, signer: signed.signer }, endpointOf(endpoint))
      // What names no session of this provider's costs one question to the chain.
      const session = await sessionFor(payer, endpoint)
      if (!session.ok) return session
      const kind = await signatureKind(signed)
      if (kind === 'none') {
        return refuse({
          code: 'signature',
          message: `The signature is not ${signed.signer}'s over this voucher, for this chain and this session contract: sign it anew`,
        })
      }
      if (kind === 'contract') {
        // A contract is asked only about what would be taken otherwise.
        const early = await judge(signed, endpoint, { isSettled: false })
        if (!early.ok) return refuse(await discreet(signed, early.refusal, kind))
        const tried = await contractSigners.pays(signed)
        if (!tried.ok) return tried
      }
      const judged = await judge(signed, endpoint, { isSettled: true })
      if (!judged.ok) return refuse(await discreet(signed, judged.refusal, kind))
      if (judged.value === undefined) throw new Error('A voucher whose signature is settled was not booked')
      return { ok: true, value: judged.value }
    },
  }
}

function refuse<Problem extends DeskProblem>(refusal: Problem): Outcome<never, Problem> {
  return { ok: false, refusal }
}
