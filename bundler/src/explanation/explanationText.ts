// An explanation for people: what is wrong, who did it, where, and what to do; then the figures.
import type { Refusal } from '@worldland-aa/service/result'
import { formatEther } from 'viem'
import type { RejectionData } from '../validation/rejection.ts'
import type { GasLine } from './explainGas.ts'
import type { ExplainedEntity, Explanation } from './explanation.ts'

export function explanationText(explanation: Explanation): string {
  const { accepted, block, problems, mempools, entities, gas, userOperationHash } = explanation
  return [
    `${accepted ? 'ACCEPTED' : 'REFUSED'}  ${userOperationHash}`,
    `at block ${block.number}, EntryPoint ${explanation.entryPoint}`,
    '',
    ...(problems.length === 0 ? ['nothing speaks against it'] : problems.flatMap(problemLines)),
    ...(mempools.length > 0 ? [`taken all the same by: ${mempools.join(', ')}`, ''] : []),
    'entities',
    ...entities.map(entityLine),
    '',
    `${'gas'.padEnd(32)}${column('used')}${column('needed')}${column('given')}`,
    ...gas.map(gasLine),
    '',
    `valid  ${periodText(explanation)}`,
    `costs  at most ${formatEther(explanation.prefundWei)} coin`,
    '',
  ].join('\n')
}

function problemLines({ code, message, data }: Refusal, index: number): readonly string[] {
  const { rule, entity, address, opcode, slot, contract, hint } = (data ?? {}) as RejectionData
  const place = [opcode, slot && `slot ${slot}`, contract && `at ${contract}`].filter(Boolean).join(' ')
  return [
    `${index + 1}. ${rule === undefined ? '' : `[${rule}] `}${message}  (${code})`,
    ...(entity === undefined ? [] : [`   who    ${entity} ${address ?? ''}`.trimEnd()]),
    ...(place === '' ? [] : [`   where  ${place}`]),
    ...(hint === undefined ? [] : [`   mend   ${hint}`]),
    '',
  ]
}

function entityLine({ entity, address, ...known }: ExplainedEntity): string {
  const { stakeWei, unstakeDelaySeconds, isStaked, reputation } = known
  const stake =
    stakeWei === 0n
      ? 'unstaked'
      : `${isStaked ? 'staked' : 'not staked enough'}: ${formatEther(stakeWei)} coin for ${unstakeDelaySeconds} s`
  const record =
    reputation && `; ${reputation.status}, ${reputation.opsSeen} seen, ${reputation.opsIncluded} included`
  return `  ${entity.padEnd(10)} ${address}  ${stake}${record ?? ''}`
}

function gasLine({ field, used, needed, given }: GasLine): string {
  return `  ${field.padEnd(30)}${column(used)}${column(needed)}${column(given)}`
}

function column(value: bigint | string | undefined): string {
  return String(value ?? '–').padStart(12)
}

function periodText({ validAfter, validUntil }: Explanation): string {
  const moment = (seconds: number): string => new Date(seconds * 1_000).toISOString()
  const bounds = [
    validAfter > 0 && `from ${moment(validAfter)}`,
    validUntil > 0 && `until ${moment(validUntil)}`,
  ]
  return bounds.filter(Boolean).join(' ') || 'always'
}
