// A broken rule as the refusal a client gets: -32502, or -32505 where a larger or longer stake is all
// that is missing.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Result } from '@worldland-aa/service/result'
import { numberToHex } from 'viem'
import type { StakeMinimums } from './limits.ts'
import { type RejectionData, reject } from './rejection.ts'
import type { Violation } from './rules/rule.ts'
import type { EntityStake, ValidatedOperation } from './validatedOperation.ts'

export function rejectViolation(
  violation: Violation,
  entities: ValidatedOperation['entities'],
  minimums: StakeMinimums,
): Result<never> {
  const { message, mendedByStake, ...facts } = violation
  const data: RejectionData = {
    ...facts,
    ...(violation.entity === 'paymaster' && { paymaster: violation.address }),
  }
  const entity = entities[violation.entity === 'account' ? 'sender' : violation.entity]
  if (mendedByStake !== true || entity === undefined || entity.stakeWei === 0n) {
    return reject(rejectionCode.opcode, message, data)
  }
  // ERC-7769: -32505 names what the stake must be.
  return reject(rejectionCode.stake, `${message}; ${shortfall(violation.entity, entity, minimums)}`, {
    ...data,
    hint: 'raise the stake by EntryPoint.addStake(unstakeDelaySec), which may only lengthen the delay',
    minimumStake: numberToHex(minimums.stakeWei),
    minimumUnstakeDelay: numberToHex(minimums.unstakeDelaySeconds),
  })
}

function shortfall(
  name: Violation['entity'],
  { stakeWei, unstakeDelaySeconds }: EntityStake,
  minimums: StakeMinimums,
): string {
  if (stakeWei < minimums.stakeWei) {
    return `the ${name}'s stake is too low: ${stakeWei} wei of ${minimums.stakeWei}`
  }
  if (unstakeDelaySeconds < minimums.unstakeDelaySeconds) {
    return `the ${name}'s unstake delay is too low: ${unstakeDelaySeconds} s of ${minimums.unstakeDelaySeconds}`
  }
  return `the ${name}'s stake is announced to be withdrawn`
}
