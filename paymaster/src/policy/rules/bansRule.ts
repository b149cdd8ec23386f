// Senders that did harm wait: so many operations that failed at the operator's cost, or so much gas that was not paid
// back, within a time. The ledger's final rows say so, and the operator may forgive them.
import { deny } from '../../denial.ts'
import type { Mishap } from '../../ledger/mishaps.ts'
import type { BanRules } from '../sponsorshipPolicy.ts'
import { pass, type Rule, refuseBy, timeText } from './rule.ts'

export const judgeBans: Rule = (policy, { operation, nowSeconds, facts }) => {
  const { bans, id } = policy
  if (bans === undefined) return pass('bans', 'bansNone')
  const ban = findBan(bans, facts?.mishaps ?? [], nowSeconds)
  if (ban === undefined) return pass('bans', 'bansRemembered', { count: String(facts?.mishaps?.length ?? 0) })
  const { untilSeconds, failures, lossWei } = ban
  return refuseBy(
    'bans',
    deny(
      'senderBanned',
      {
        problem: `Policy "${id}" does not sponsor ${operation.sender} until ${timeText(untilSeconds)}: ${failures} of its operations failed, and ${lossWei} wei of gas were lost by it`,
        remedy: 'wait, pay in the token, or ask the operator',
      },
      { policyId: id, until: untilSeconds, failures, lossWei: String(lossWei) },
    ),
  )
}

export type Ban = { readonly untilSeconds: number; readonly failures: number; readonly lossWei: bigint }

/** The ban that lasts longest, of those in force; `mishaps` with the oldest first. */
export function findBan(rules: BanRules, mishaps: readonly Mishap[], nowSeconds: number): Ban | undefined {
  const { afterFailures, afterLossWei, withinSeconds, forSeconds } = rules
  let ban: Ban | undefined
  for (const [index, { atSeconds }] of mishaps.entries()) {
    const within = mishaps.slice(0, index + 1).filter(one => one.atSeconds > atSeconds - withinSeconds)
    const failures = within.filter(({ hasFailed }) => hasFailed).length
    const lossWei = within.reduce((sum, one) => sum + one.lossWei, 0n)
    const isTooMuch =
      (afterFailures !== undefined && failures >= afterFailures) ||
      (afterLossWei !== undefined && lossWei >= afterLossWei)
    const untilSeconds = atSeconds + forSeconds
    if (isTooMuch && untilSeconds > nowSeconds) ban = { untilSeconds, failures, lossWei }
  }
  return ban
}

/** Before this nothing can make somebody wait any more. */
export function lookBackSeconds({ withinSeconds, forSeconds }: BanRules): number {
  return withinSeconds + forSeconds
}
