// What a run came to, as numbers: the answer of --json.
import { percentilesOf } from '../../bench/statistics.ts'
import { type Account, incomeOf } from '../ledger.ts'
import type { Behaviour } from '../scenario.ts'
import type { Landing } from './landings.ts'

export type Spread = {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export type GroupFigures = {
  readonly behaviour: Behaviour
  readonly bundlers: number
  readonly landedPercent: number
  /** Of all stake at the beginning. */
  readonly stakePercent: number
  /** A bundler each, in gwei. */
  readonly incomeGwei: number
  readonly refundGwei: number
  readonly gasGwei: number
  /** Of that, in transactions that landed nothing. */
  readonly idleGasGwei: number
  readonly tipGwei: number
  readonly strikeGwei: number
  readonly fineGwei: number
  readonly strikes: number
  readonly fines: number
}

export type Figures = {
  readonly blocks: number
  readonly operations: {
    readonly accepted: number
    readonly landed: number
    readonly lost: number
    /** By sender and nonce, in the chain that stands. */
    readonly landedTwice: number
  }
  readonly gas: {
    readonly usedGas: number
    readonly wastedPercent: number
    readonly transactions: number
    readonly operationsPerBundle: number
    readonly revertedPerOperation: number
    readonly nothingPerOperation: number
    readonly cancelledPerOperation: number
  }
  readonly inclusionBlocks: Spread
  readonly inclusionSeconds: Spread
  /** p95 in mean block times. */
  readonly inclusionMeanBlocks: number
  readonly inclusionByRank: Readonly<Record<string, Spread>>
  readonly windows: { readonly led: number; readonly hadWork: number; readonly missed: number }
  readonly promises: {
    readonly kept: number
    readonly late: number
    readonly broken: number
    readonly waitSeconds: Spread
  }
  readonly equivocations: { readonly signed: number; readonly provable: number; readonly fined: number }
  readonly honest: { readonly strikes: number; readonly fines: number }
  readonly groups: readonly GroupFigures[]
  readonly reorgs: { readonly count: number; readonly deepestBlocks: number }
}

export function spreadOf(samples: readonly number[]): Spread {
  return { count: samples.length, ...rounded(percentilesOf(samples)) }
}

function rounded<Values extends Readonly<Record<string, number>>>(values: Values): Values {
  const entries = Object.entries(values).map(([name, value]) => [name, round(value)])
  return Object.fromEntries(entries) as Values
}

export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

export function groupsOf(options: {
  behaviours: readonly Behaviour[]
  accounts: readonly Account[]
  stakesWei: readonly bigint[]
}): readonly GroupFigures[] {
  const { behaviours, accounts, stakesWei } = options
  const landed = accounts.reduce((sum, account) => sum + account.landed, 0)
  const staked = stakesWei.reduce((sum, stake) => sum + stake, 0n)
  return [...new Set(behaviours)].sort().map(behaviour => {
    const places = [...behaviours.keys()].filter(place => behaviours[place] === behaviour)
    const members = places.map(place => accounts[place] as Account)
    const each = (read: (account: Account) => bigint): number =>
      round(Number(members.reduce((sum, account) => sum + read(account), 0n)) / 1e9 / members.length)
    const sum = (read: (account: Account) => number): number =>
      members.reduce((total, account) => total + read(account), 0)
    const stake = places.reduce((total, place) => total + (stakesWei[place] ?? 0n), 0n)
    return {
      behaviour,
      bundlers: members.length,
      landedPercent: percent(
        sum(account => account.landed),
        landed,
      ),
      stakePercent: percent(Number(stake), Number(staked)),
      incomeGwei: each(incomeOf),
      refundGwei: each(account => account.refundWei),
      gasGwei: each(account => account.gasWei),
      idleGasGwei: each(account => account.idleGasWei),
      tipGwei: each(account => account.tipWei),
      strikeGwei: each(account => account.strikeWei),
      fineGwei: each(account => account.fineWei),
      strikes: sum(account => account.strikes),
      fines: sum(account => account.fines),
    }
  })
}

export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : round((100 * part) / whole)
}

export function byRank(landings: readonly Landing[]): Readonly<Record<string, Spread>> {
  const names = [...new Set(landings.map(({ rank }) => rank))].sort()
  return Object.fromEntries(
    names.map(name => [
      name,
      spreadOf(landings.filter(({ rank }) => rank === name).map(({ blocks }) => blocks)),
    ]),
  )
}
