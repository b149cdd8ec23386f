// Payment as one part of the daemon: the ledger, the gate before what is paid for, and what turns vouchers into tokens.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { ChainFollower } from '@worldland-aa/service/chain/chainFollower'
import type { Clock } from '@worldland-aa/service/clock'
import { createSignerThread } from '@worldland-aa/service/crypto/signerThread'
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import { formatEther, keccak256, type PublicClient, stringToHex } from 'viem'
import type { Sender } from '../chain/sender.ts'
import type { RouteGroup } from '../doors/routeGroup.ts'
import type { Check } from '../health.ts'
import { createAskedOnce } from './askedOnce.ts'
import { type ChainFacts, createChainFacts, type Head } from './chainFacts.ts'
import { createChallenges } from './challenges.ts'
import { createContractSigners } from './contractSigners.ts'
import { createPaymentGate } from './createPaymentGate.ts'
import { createLaneBook } from './laneBook.ts'
import { createLaneStandings } from './laneStandings.ts'
import { createLaneTokens } from './laneTokens.ts'
import { createLookAhead } from './lookAhead.ts'
import type { PaidEndpoint, PaymentGate } from './paymentGate.ts'
import { createPaymentMetrics } from './paymentMetrics.ts'
import { createPaymentRequired } from './paymentRequired.ts'
import { type LaneView, type PaymentSums, sumOf, viewLanes } from './paymentView.ts'
import { createRedemption } from './redemption.ts'
import { createRunningJobs } from './runningJobs.ts'
import { createSessionEnds } from './sessionEnds.ts'
import { createSessionFunds } from './sessionFunds.ts'
import { createStanding } from './standing.ts'
import type { PaymentTables } from './tables.ts'
import { createUnpaidVouchers } from './unpaidVouchers.ts'
import { createVoucherDesk } from './voucherDesk.ts'
import { createVoucherDigest } from './voucherDigest.ts'
import { createVoucherRoutes } from './voucherRoutes.ts'

export type Payments = Part & {
  readonly gate: PaymentGate
  readonly routes: RouteGroup
  onChainUpdate(update: ChainUpdate): Promise<void>
  sums(): PaymentSums
  /** For /health and `status`. */
  check(): Check
  lanes(): readonly LaneView[]
}

export type PaymentsOptions = {
  readonly client: PublicClient
  readonly chainId: number
  readonly contracts: ComputeContracts
  readonly chain: Pick<ChainFollower, 'head' | 'poll'>
  readonly sender: Sender
  readonly database: Kysely<PaymentTables>
  readonly commits: GroupCommit<PaymentTables>
  readonly endpointOf: (endpointId: string) => Omit<PaidEndpoint, 'reserveSeconds'> | undefined
  readonly laneTokenKey: Uint8Array
  readonly unsignedIntervalSeconds: number
  readonly isDraining: () => boolean
  readonly finalityBlocks: number
  readonly registry: Registry
  readonly clock: Clock
  readonly logger: Logger
}

const tokenLifetimeSeconds = 3_600
/** Strangers are whoever has no voucher taken yet: each names five subjects at its first request. */
const allowances = { mostKnown: 20_000, mostStrange: 4_000 }

export function createPayments(options: PaymentsOptions): Payments {
  const { client, contracts, chain, sender, clock, logger } = options
  const provider = sender.address
  const book = createLaneBook(options)
  /** By which requests are judged. The follower's own is still the one before while its listeners hear of it. */
  let heard: ChainUpdate['head'] | undefined
  const metrics = createPaymentMetrics(options.registry, () => sumOf(book))
  const askedOnce = createAskedOnce(allowances)
  const factsAt = (head: () => Head): ChainFacts =>
    createChainFacts({
      ...{ client, contracts, provider, book, askedOnce, head },
      endpointHash: endpointId => keccak256(stringToHex(endpointId)),
    })
  const facts = factsAt(() => heard ?? chain.head())
  const lookAhead = createLookAhead({ facts, factsAt, book })
  const funds = createSessionFunds(facts)
  const running = createRunningJobs({
    unsignedMilliseconds: options.unsignedIntervalSeconds * 1_000,
    accountOf(lane) {
      const account = book.get(lane)
      return account && { ...account, signedWei: account.signed.voucher.cumulativeWei }
    },
    now: () => performance.now(),
  })
  running.onOverdue(metrics.overdue)
  const unpaid = createUnpaidVouchers(({ payer }) => running.endAll(payer))
  const { isDisowned } = unpaid
  const { sessionFor, standingOf } = createStanding({
    facts,
    provider,
    clock,
    isDisowned,
    refresh: chain.poll,
  })
  const challenges = createChallenges(clock)
  const signers = createSignerThread()
  const desk = createVoucherDesk({
    ...{ facts, lookAhead, funds, book, sessionFor, standingOf, signers, challenges },
    digestOf: createVoucherDigest(options),
    contractSigners: createContractSigners(facts),
  })
  const gate = createPaymentGate({
    ...{ facts, funds, book, running, standingOf, desk, metrics, clock, logger },
    chainId: options.chainId,
    tokens: createLaneTokens({ key: options.laneTokenKey, lifetimeSeconds: tokenLifetimeSeconds, clock }),
    required: createPaymentRequired({ ...options, provider, challenges }),
  })
  const standings = createLaneStandings({ facts, book, logger })
  const redemption = createRedemption({
    ...{ client, contracts, sender, book, standings, unpaid, metrics, logger },
    isDraining: options.isDraining,
  })
  const ends = createSessionEnds({ ...options, book, facts, unpaid })
  return {
    name: 'payment',
    gate,
    routes: createVoucherRoutes({ gate, book, endpointOf: options.endpointOf }),
    async onChainUpdate(update) {
      // What a reorg has taken back is nothing to judge by for a moment longer.
      if (update.removed.length === 0) await lookAhead.atNext(update.head)
      heard = update.head
      redemption.onChainUpdate(update)
      ends.onChainUpdate(update)
      await gate.onChainUpdate(update)
    },
    sums: () => sumOf(book),
    lanes: () => viewLanes(book),
    check() {
      const { lanes, unredeemedWei } = sumOf(book)
      const problem = redemption.problem()
      const standing = `${lanes} lanes, ${formatEther(unredeemedWei)} tokens signed and not redeemed`
      return { says: problem === undefined ? standing : `${standing}; redeeming fails: ${problem}` }
    },
    start: book.open,
    async stop() {
      running.stop()
      await Promise.all([redemption.settled(), ends.settled(), signers.stop()])
    },
  }
}
