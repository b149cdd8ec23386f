// The figures of the console's first page, out of sums by the hour; only who spent most is counted from rows, as many as
// can be gone through at once.
import type { Reader } from '@worldland-aa/service/database/reader'

export type SpendHour = {
  readonly hour: number
  readonly mode: string
  readonly policy_id: string
  readonly policy_name: string | null
  readonly cost_wei: string
  readonly loss_wei: string
  readonly charge_wei: string
  readonly unpaid_wei: string
  readonly charged_cost_wei: string
  readonly operations: number
  readonly failed: number
}
export type DecisionHour = {
  readonly hour: number
  readonly outcome: string
  readonly reason: string
  readonly requests: number
}
export type TokenHour = {
  readonly hour: number
  /** Lower case. */
  readonly token: string
  readonly units: string
  readonly cost_wei: string
  readonly operations: number
  /** Null where the token is not among the settings any more. */
  readonly symbol: string | null
  readonly decimals: number | null
}
export type HouseFigures = {
  readonly spend: readonly SpendHour[]
  readonly tokenHours: readonly TokenHour[]
  readonly decisions: readonly DecisionHour[]
  readonly allTime: { readonly costWei: bigint; readonly lossWei: bigint; readonly operations: number }
  /** The beginning of the first hour of which anything is known; null while there is none. */
  readonly firstHour: number | null
  readonly topSenders: readonly {
    readonly sender: string
    readonly costWei: bigint
    readonly operations: number
  }[]
  readonly topSendersOf: number
}

const mostLandings = 100_000
const topCount = 10

export function readHouse(reader: Reader, { sinceSeconds }: { readonly sinceSeconds: number }): HouseFigures {
  const all = reader.all<{ cost_wei: string; loss_wei: string; operations: number }>('select * from spend')
  return {
    spend: reader.all<SpendHour>(
      `select spend_hour.*, decision_policy.id as policy_name from spend_hour
        left join decision_policy on decision_policy.on_chain_id = spend_hour.policy_id
        where hour >= ? order by hour`,
      sinceSeconds,
    ),
    tokenHours: reader.all<TokenHour>(
      `select token_hour.*, symbol, decimals from token_hour left join token on token.address = token_hour.token
        where hour >= ? order by hour`,
      sinceSeconds,
    ),
    decisions: reader.all<DecisionHour>(
      `select hour, outcome, reason, sum(requests) as requests from decision_hour
        where hour >= ? group by hour, outcome, reason order by hour`,
      sinceSeconds,
    ),
    allTime: {
      costWei: all.reduce((sum, row) => sum + BigInt(row.cost_wei), 0n),
      lossWei: all.reduce((sum, row) => sum + BigInt(row.loss_wei), 0n),
      operations: all.reduce((sum, row) => sum + row.operations, 0),
    },
    firstHour:
      reader.get<{ hour: number | null }>('select min(hour) as hour from decision_hour')?.hour ?? null,
    ...topSenders(reader, sinceSeconds),
  }
}

function topSenders(reader: Reader, sinceSeconds: number): Pick<HouseFigures, 'topSenders' | 'topSendersOf'> {
  const sums = new Map<string, { costWei: bigint; operations: number }>()
  let topSendersOf = 0
  const rows = reader.each<{ sender: string; actual_cost_wei: string }>(
    `select sender, actual_cost_wei from exposure
      where landed_at >= ? and state = 'FINAL' and landed_user_operation_hash is not null
      order by landed_at desc limit ${mostLandings}`,
    sinceSeconds,
  )
  for (const { sender, actual_cost_wei } of rows) {
    topSendersOf++
    const sum = sums.get(sender) ?? { costWei: 0n, operations: 0 }
    sums.set(sender, { costWei: sum.costWei + BigInt(actual_cost_wei), operations: sum.operations + 1 })
  }
  const ordered = [...sums].sort(([, one], [, other]) => (one.costWei < other.costWei ? 1 : -1))
  return { topSenders: ordered.slice(0, topCount).map(([sender, sum]) => ({ sender, ...sum })), topSendersOf }
}
