import type { Address } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../../entryPoint/entryPoint07.ts'
import { defaultValidationLimits } from '../limits.ts'
import { startTestChain, type TestChain } from '../testing/testChain.ts'
import { createDebugTracer } from '../tracers/debug.ts'
import type { EntityRole, EntityStake } from '../validatedOperation.ts'
import { entityName, type Violation } from './rule.ts'
import { findViolations } from './rules.ts'
import { ruleCases } from './testing/cases.ts'
import { placeCase, placeContracts } from './testing/placeCase.ts'
import type { RuleCase } from './testing/ruleCase.ts'

let chain: TestChain
beforeAll(async () => {
  chain = await startTestChain()
  await placeContracts(chain)
})
afterAll(() => chain.stop())

/** Validates an operation of the case's entities and judges what happened. */
async function judge(given: RuleCase): Promise<readonly Violation[]> {
  const userOperation = await placeCase(chain, given)
  const { sender, factory, paymaster } = userOperation
  const stake = (role: EntityRole, address: Address): EntityStake => ({
    address,
    stakeWei: 0n,
    unstakeDelaySeconds: 0,
    isStaked: given.staked === entityName(role),
  })
  const trace = await createDebugTracer({ client: chain.client }).trace({
    version: entryPoint07,
    userOperation,
    entryPoint: chain.entryPoint,
    block: await chain.head(),
    operationKey: '',
  })
  expect(trace.outcome).toEqual({ passed: true, gas: expect.anything() })
  return findViolations({
    trace,
    entities: {
      sender: stake('sender', sender),
      ...(factory && { factory: stake('factory', factory) }),
      ...(paymaster && { paymaster: stake('paymaster', paymaster) }),
    },
    entryPoint: chain.entryPoint,
    evm: { fork: given.fork ?? 'london', extraPrecompiles: given.extraPrecompiles ?? [] },
    limits: {
      ...defaultValidationLimits,
      allowUnstakedPaymasterContext: !given.refusesUnstakedContext,
      stakedFactoryVouchesForPaymaster: given.vouches === true,
    },
  })
}

describe.each(Object.entries(ruleCases))('the rules about %s', (_, cases) => {
  const titled = (isAllowed: boolean) =>
    cases
      .filter(({ expected }) => (expected === 'allowed') === isAllowed)
      .map(given => [given.title, given] as const)

  it.each(titled(true))('allow %s', async (_title, given) => {
    expect(await judge(given)).toEqual([])
  })

  it.each(titled(false))('forbid %s', async (_title, given) => {
    const violations = await judge(given)
    expect(violations).toContainEqual(expect.objectContaining(given.expected))
    for (const { entity, message } of violations) expect(message.startsWith(`${entity} `)).toBe(true)
  })
})
