// One row of the rule tests.
import type { Address } from 'viem'
import type { EvmFork } from '../../../chains/evmFork.ts'
import type { Violation } from '../rule.ts'

type Entity = Violation['entity']

export type RuleCase = {
  readonly title: string
  /** What the entity does; SENDER, FACTORY, PAYMASTER and ENTRYPOINT stand for addresses. */
  readonly does: string
  /** Who does it; the account, if not said. */
  readonly by?: Entity
  readonly staked?: Entity
  /** The account is only just being deployed. */
  readonly deploys?: boolean
  readonly contextBytes?: number
  readonly refusesUnstakedContext?: boolean
  /** For an EntryPoint since v0.8. */
  readonly vouches?: boolean
  /** The level of the chain it is judged for; London, if not said. */
  readonly fork?: EvmFork
  readonly extraPrecompiles?: readonly Address[]
  readonly expected: Partial<Violation> | 'allowed'
}
