// From when to when, and in which hours, a policy sponsors.
import { deny } from '../../denial.ts'
import { opensAt, openUntil } from '../openHours.ts'
import { pass, type Rule, refuseBy, timeText, type Verdict } from './rule.ts'

/** What would be valid for less would lapse before most blocks. */
const leastValiditySeconds = 30

export const judgeTime: Rule = (policy, { nowSeconds }) => {
  const { startsAt, endsAt, hours } = policy
  const details = { policyId: policy.id, startsAt, endsAt }
  const refuse = (problem: string, remedy: string): Verdict =>
    refuseBy(
      'time',
      deny('policyNotInForce', { problem: `Policy "${policy.id}" ${problem}`, remedy }, details),
    )
  if (startsAt !== undefined && nowSeconds < startsAt) {
    return refuse(`begins at ${timeText(startsAt)}`, 'try again then')
  }
  if (endsAt !== undefined && nowSeconds > endsAt - leastValiditySeconds) {
    const ends = nowSeconds >= endsAt ? 'ended' : 'ends too soon for an operation to land,'
    return refuse(`${ends} at ${timeText(endsAt)}`, 'name another policy')
  }
  if (hours === undefined) {
    return endsAt === undefined
      ? pass('time', 'timeAlways')
      : pass('time', 'timeUntil', { until: timeText(endsAt) })
  }
  const closesAt = openUntil(hours, nowSeconds)
  if (closesAt === undefined) {
    const next = opensAt(hours, nowSeconds)
    return refuse(
      'sponsors in its hours only, and it is not open now',
      next === undefined ? 'name another policy' : `try again at ${timeText(next)}`,
    )
  }
  if (nowSeconds > closesAt - leastValiditySeconds) {
    return refuse(
      `closes too soon for an operation to land, at ${timeText(closesAt)}`,
      'try again when it opens',
    )
  }
  return closesAt === Number.POSITIVE_INFINITY
    ? pass('time', 'timeAlwaysOpen')
    : pass('time', 'timeOpenUntil', { until: timeText(closesAt) })
}
