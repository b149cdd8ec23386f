// The rule book: one trace in, every violation of ERC-7562's validation rules out.
import type { Address } from 'viem'
import type { EvmLevel } from '../../chains/evmLevel.ts'
import type { ValidationLimits } from '../limits.ts'
import type { Trace } from '../trace.ts'
import type { EntityRole, ValidatedOperation } from '../validatedOperation.ts'
import { callRules } from './calls.ts'
import { codeRules } from './code.ts'
import { createRules } from './createRules.ts'
import { delegationRules } from './delegation.ts'
import { entryPointAccessRules } from './entryPointAccess.ts'
import { gasRules } from './gas.ts'
import { opcodeRules } from './opcodes.ts'
import { paymasterContextRules } from './paymasterContext.ts'
import type { Rule, RuledEntity, RuledPhase, Violation } from './rule.ts'
import { storageRules } from './storage.ts'

const book: readonly Rule[] = [
  gasRules,
  opcodeRules,
  createRules,
  codeRules,
  delegationRules,
  entryPointAccessRules,
  callRules,
  storageRules,
  paymasterContextRules,
]

/** In the order in which validation runs: factory, account, paymaster. */
const phaseOrder: readonly EntityRole[] = ['factory', 'sender', 'paymaster']

export function findViolations(request: {
  trace: Trace
  entities: ValidatedOperation['entities']
  entryPoint: Address
  limits: ValidationLimits
  evm: EvmLevel
}): readonly Violation[] {
  const { trace, limits, evm } = request
  const entities = ruledEntities(request.entities)
  return phaseOrder.flatMap(role => {
    const facts = trace.phases[role]
    const entity = entities[role]
    if (facts === undefined || entity === undefined) return []
    const phase: RuledPhase = {
      role,
      facts,
      entity,
      entities,
      entryPoint: lowerCase(request.entryPoint),
      keccakPreimages: trace.keccakPreimages,
      limits,
      evm,
    }
    return book.flatMap(rule => rule(phase))
  })
}

function ruledEntities({
  sender,
  factory,
  paymaster,
}: ValidatedOperation['entities']): RuledPhase['entities'] {
  const ruled = ({ address, isStaked }: RuledEntity): RuledEntity => ({
    address: lowerCase(address),
    isStaked,
  })
  return {
    sender: ruled(sender),
    ...(factory && { factory: ruled(factory) }),
    ...(paymaster && { paymaster: ruled(paymaster) }),
  }
}

function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
