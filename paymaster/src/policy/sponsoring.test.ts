// pm_validateSponsorshipPolicies names up to a hundred policies: what they have in common is looked at once.

import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { encodeFunctionData } from 'viem'
import { expect, it } from 'vitest'
import type { RequestedOperation } from '../requestedOperation.ts'
import { createDecider, type DecisionOptions } from './policy.ts'
import type { Policy } from './sponsorshipPolicy.ts'

const target = '0x5000000000000000000000000000000000000005'
const operation: RequestedOperation = {
  sender: '0x6000000000000000000000000000000000000006',
  nonce: 1n,
  callData: encodeFunctionData({ abi: simpleAccountAbi, functionName: 'execute', args: [target, 0n, '0x'] }),
  callGasLimit: 50_000n,
  verificationGasLimit: 50_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
}

const policy = (id: string): Policy => ({
  id,
  onChainId: `0x${'11'.repeat(16)}`,
  name: id,
  isDefault: false,
  validitySeconds: 180,
  functions: new Map([[target, 'any']]),
  factories: new Set(),
  blockedSenders: new Set(),
  costPerOperationWei: 10n ** 18n,
  global: { costWei: 10n ** 18n, window: 'day' },
})

/** Counts how often the bytes of the operation are gone through for its gas. */
function counting(policies: readonly Policy[]) {
  let reckonings = 0
  const limits = {
    callGasLimit: 100_000n,
    verificationGasLimit: 100_000n,
    preVerificationGas: 100_000n,
    maxFeePerGas: 10n,
    maxPriorityFeePerGas: 10n,
  }
  const options: Pick<DecisionOptions, 'policies' | 'gasBounds' | 'gasOf'> = {
    policies: () => policies,
    gasBounds: {
      limits,
      feeBounds: () => ({ leastFeePerGasWei: 0n, mostFeePerGasWei: 10n, mostPriorityFeePerGasWei: 10n }),
      mostPreVerificationGas() {
        reckonings++
        return 100_000n
      },
    },
    gasOf: () => ({ paymasterVerificationGasLimit: 30_000n, paymasterPostOpGasLimit: 1n }),
  }
  const decider = createDecider(options as DecisionOptions)
  const ask = async (policyIds: readonly string[]): Promise<readonly string[]> =>
    (await decider.sponsoring({ operation, nowSeconds: 1_000, policyIds })).map(({ id }) => id)
  return { ask, reckonings: () => reckonings }
}

it('goes through an operation once for all the policies asked about, and never for those that are none', async () => {
  const { ask, reckonings } = counting([policy('one'), policy('two')])
  expect(await ask(Array.from({ length: 100 }, (_, index) => `none-${index}`))).toEqual([])
  expect(reckonings()).toBe(0)
  expect(await ask(['two', ...new Array<string>(99).fill('one')])).toEqual(['two', 'one'])
  expect(reckonings()).toBe(1)
})
