// A refusal on account of one entity, with the data that ERC-7769 asks for and what to do about it.
import type { Refusal } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import { entityName } from '../validation/rules/rule.ts'
import type { EntityRole } from '../validation/validatedOperation.ts'

export function refuseEntity(
  code: number,
  role: EntityRole,
  address: Address,
  { what, hint, ...facts }: { rule: string; what: string; hint: string } & Readonly<Record<string, unknown>>,
): Refusal {
  return {
    code,
    message: `${role} ${address} ${what}; ${hint}`,
    data: { ...facts, entity: entityName(role), address, [role]: address, hint },
  }
}
