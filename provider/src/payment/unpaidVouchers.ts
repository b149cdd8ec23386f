// What the chain did not pay: in a trial, or though it landed. A lane like that rests, longer each time. A contract can say yes
// to a trial and no to a transaction, so what counts is what landed: of a contract whose voucher landed in vain nothing more
// is taken, and after a few landings nothing is sent.
import type { Address } from 'viem'
import type { TokenHolder } from './laneTokens.ts'
import type { LaneStanding } from './redemptionPlan.ts'

export type UnpaidVouchers = {
  /** A trial says that the chain would not pay. */
  triedInVain(standing: LaneStanding, blockNumber: bigint): void
  landedInVain(standing: LaneStanding, blockNumber: bigint): void
  /** Nothing was said of the voucher; the transaction as a whole was refused. */
  postpone(standing: LaneStanding, blockNumber: bigint): void
  paid(standing: LaneStanding): void
  isResting(lane: string, blockNumber: bigint): boolean
  /** Nothing of the lane, or of its contract, was paid since a voucher of it landed in vain. */
  isDisowned(holder: TokenHolder): boolean
  /** Tried so often in vain that no session is kept open for it. */
  isGivenUp(lane: string): boolean
}

type Rest = {
  readonly untilBlock: bigint
  readonly lengthBlocks: bigint
  readonly trialsInVain: number
  readonly landingsInVain: number
  /** Undefined: no contract, or nothing landed in vain. */
  readonly disownedBy: Address | undefined
}

const none: Rest = {
  ...{ untilBlock: 0n, lengthBlocks: 0n, trialsInVain: 0, landingsInVain: 0, disownedBy: undefined },
}
/** Doubled with each further one. */
const firstRestBlocks = 2n
const longestRestBlocks = 64n
/** Each costs the provider all the gas that a contract cares to burn. */
const mostLandingsInVain = 3
/** With the rests between them, twenty minutes. */
const mostTrialsInVain = 6
const mostLanes = 10_000

export function createUnpaidVouchers(onDisowned: (holder: TokenHolder) => void): UnpaidVouchers {
  const rests = new Map<string, Rest>()
  const lanesOfContract = new Map<Address, Set<string>>()

  const of = (lane: string): Rest => rests.get(lane) ?? none

  function forget(lane: string): void {
    const { disownedBy } = of(lane)
    rests.delete(lane)
    if (disownedBy === undefined) return
    const lanes = lanesOfContract.get(disownedBy)
    lanes?.delete(lane)
    if (lanes?.size === 0) lanesOfContract.delete(disownedBy)
  }

  function rest({ account }: LaneStanding, blockNumber: bigint, more: Partial<Rest>): void {
    const { lane } = account.payer
    const before = of(lane)
    const doubled = before.lengthBlocks === 0n ? firstRestBlocks : before.lengthBlocks * 2n
    const lengthBlocks = doubled < longestRestBlocks ? doubled : longestRestBlocks
    rests.set(lane, { ...before, ...more, lengthBlocks, untilBlock: blockNumber + lengthBlocks })
    const [oldest] = rests.keys()
    if (rests.size > mostLanes && oldest !== undefined) forget(oldest)
  }

  return {
    triedInVain(standing, blockNumber) {
      const { trialsInVain } = of(standing.account.payer.lane)
      rest(standing, blockNumber, { trialsInVain: trialsInVain + 1 })
    },
    landedInVain(standing, blockNumber) {
      const { payer, signed } = standing.account
      const landingsInVain = of(payer.lane).landingsInVain + 1
      if (!standing.isContract) return rest(standing, blockNumber, { landingsInVain })
      rest(standing, blockNumber, { landingsInVain, disownedBy: signed.signer })
      const lanes = lanesOfContract.get(signed.signer) ?? new Set()
      lanesOfContract.set(signed.signer, lanes.add(payer.lane))
      onDisowned({ payer, signer: signed.signer })
    },
    postpone(standing, blockNumber) {
      rest(standing, blockNumber, {})
    },
    paid({ account }) {
      forget(account.payer.lane)
    },
    isResting(lane, blockNumber) {
      const { untilBlock, disownedBy, landingsInVain } = of(lane)
      if (disownedBy !== undefined && landingsInVain >= mostLandingsInVain) return true
      return untilBlock > blockNumber
    },
    isDisowned: ({ payer, signer }) => of(payer.lane).disownedBy !== undefined || lanesOfContract.has(signer),
    isGivenUp(lane) {
      const { trialsInVain, landingsInVain } = of(lane)
      return landingsInVain >= mostLandingsInVain || trialsInVain >= mostTrialsInVain
    },
  }
}
