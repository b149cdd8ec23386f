// Alternative mempools (ERC-7562 [ALT-020]): rules that an operator agreed with others to relax, as data.
// An operation that breaks the canonical rules is in every pool that allows all it breaks.
import type { Address } from 'viem'
import type { Violation } from './rules/rule.ts'

export type AlternativeMempool = {
  readonly name: string
  readonly allows: readonly Relaxation[]
}

/** One rule that the pool does not ask for; each further field narrows where. */
export type Relaxation = {
  /** A clause of ERC-7562, such as OP-011. */
  readonly rule: string
  readonly entity?: Violation['entity'] | undefined
  readonly opcode?: string | undefined
  /** Whose violation is allowed: the entity's own addresses. Anyone's, if not given. */
  readonly addresses?: readonly Address[] | undefined
}

/** ERC-7562 [ALT-021] All pools that an operation with these violations is part of. */
export function mempoolsAllowing(
  violations: readonly Violation[],
  pools: readonly AlternativeMempool[],
): readonly string[] {
  return pools
    .filter(({ allows }) =>
      violations.every(violation => allows.some(relaxation => covers(relaxation, violation))),
    )
    .map(({ name }) => name)
}

function covers({ rule, entity, opcode, addresses }: Relaxation, violation: Violation): boolean {
  return (
    rule === violation.rule &&
    (entity === undefined || entity === violation.entity) &&
    (opcode === undefined || opcode === violation.opcode) &&
    (addresses === undefined ||
      addresses.some(address => address.toLowerCase() === violation.address.toLowerCase()))
  )
}
