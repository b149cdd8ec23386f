import type { Address } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultValidationLimits } from '../limits.ts'
import { accountCode, factoryCode, paymasterCode, senderOf } from '../testing/assemble.ts'
import { testOperation } from '../testing/operation.ts'
import { freshAddress, startTestChain, type TestChain } from '../testing/testChain.ts'
import { createDebugTracer } from '../tracers/debug.ts'
import type { EntityRole, EntityStake } from '../validatedOperation.ts'
import { entityName, type Violation } from './rule.ts'
import { findViolations } from './rules.ts'
import { ruleCases } from './testing/cases.ts'
import { contracts } from './testing/contracts.ts'
import type { RuleCase } from './testing/ruleCase.ts'

let chain: TestChain
beforeAll(async () => {
  chain = await startTestChain()
  for (const [address, code] of Object.entries(contracts)) await chain.place(code, address as Address)
})
afterAll(() => chain.stop())

/** Puts the entities of a case on the chain, validates an operation of theirs and judges what happened. */
async function judge(given: RuleCase): Promise<readonly Violation[]> {
  const by = given.by ?? 'account'
  const hasFactory = by === 'factory' || given.deploys === true
  const paymaster = by === 'paymaster' ? freshAddress() : undefined
  const factory = hasFactory ? freshAddress() : undefined
  // The address of a sender that is deployed depends on its code: there it must be found at run time.
  const fill = (body: string, sender: string): string =>
    body
      .replaceAll('SENDER', sender)
      .replaceAll('FACTORY', factory ?? '')
      .replaceAll('PAYMASTER', paymaster ?? '')
      .replaceAll('ENTRYPOINT', chain.entryPoint)
  const account = accountCode(by === 'account' ? fill(given.does, 'ADDRESS') : '')
  const sender = factory === undefined ? freshAddress() : senderOf(factory, account)
  if (factory === undefined) await chain.place(account, sender)
  else await chain.place(factoryCode(by === 'factory' ? fill(given.does, sender) : '', account), factory)
  if (paymaster !== undefined) {
    await chain.place(paymasterCode(fill(given.does, sender), given.contextBytes), paymaster)
  }
  // What an entity sends must be there for the call to be tried at all.
  for (const address of [sender, paymaster]) {
    if (address !== undefined) await chain.anvil.setBalance({ address, value: 1_000n })
  }

  const stake = (role: EntityRole, address: Address): EntityStake => ({
    address,
    stakeWei: 0n,
    unstakeDelaySeconds: 0,
    isStaked: given.staked === entityName(role),
  })
  const trace = await createDebugTracer({ client: chain.client }).trace({
    userOperation: testOperation({
      sender,
      ...(factory && { factory }),
      ...(paymaster && { paymaster }),
    }),
    entryPoint: chain.entryPoint,
    block: await chain.head(),
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
    limits: { ...defaultValidationLimits, allowUnstakedPaymasterContext: !given.refusesUnstakedContext },
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
