// For how many days the deposit lasts, if it goes on as in the last day.
import type { SpendHour } from '../../decisions/explorer/readHouse.ts'
import type { Overview } from './schema.ts'

const hourSeconds = 3_600
const daySeconds = 86_400

export function runwayOf(options: {
  readonly spend: readonly SpendHour[]
  readonly freeWei: bigint
  /** Of which anything is known; null before the first decision. */
  readonly firstHour: number | null
  readonly nowSeconds: number
}): Overview['runway'] {
  const { spend, freeWei, firstHour, nowSeconds } = options
  const thisHour = nowSeconds - (nowSeconds % hourSeconds)
  const since = Math.max(thisHour - daySeconds + hourSeconds, firstHour ?? thisHour)
  // A token mode's loss is the part that did not come back; of what is sponsored that is all. Other ERC-20s are no coin.
  const burnedWei = spend
    .filter(({ hour }) => hour >= since)
    .reduce((sum, { mode, loss_wei, cost_wei }) => sum + BigInt(mode === 'erc20' ? cost_wei : loss_wei), 0n)
  const measuredSeconds = Math.max(nowSeconds - since, hourSeconds)
  const burnedInLastDayWei = (burnedWei * BigInt(daySeconds)) / BigInt(measuredSeconds)
  const hours = Math.round(measuredSeconds / hourSeconds)
  return {
    days: burnedInLastDayWei > 0n ? daysOf(freeWei, burnedInLastDayWei) : null,
    freeWei: String(freeWei),
    burnedInLastDayWei: String(burnedInLastDayWei),
    measuredHours: hours,
    explanation:
      burnedInLastDayWei > 0n
        ? `The deposit that is not held, divided by what final operations of the last ${hours} h cost it for good, as a day's rate: gas that was sponsored, or paid in other tokens than the compute token, and charges that were not paid. What senders paid back in the compute token is not counted.`
        : `No final operation of the last ${hours} h cost the deposit anything for good.`,
  }
}

/** To a hundredth of a day. */
function daysOf(freeWei: bigint, perDayWei: bigint): number {
  const free = freeWei > 0n ? freeWei : 0n
  return Number((free * 100n) / perDayWei) / 100
}
