// debug_bundler_dumpMempool of a bundler that serves EntryPoint v0.6, whose operations have a shape of their own.
import { concatHex, numberToHex, parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { entryPoint06 } from '../../entryPoint/entryPoint06.ts'
import { type BundlerCore, startBundlerCore } from '../../testing/bundlerCore.ts'
import { paymasterCode } from '../../validation/testing/assemble.ts'
import { deploySimpleAccounts } from '../../validation/testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../../validation/testing/testChain.ts'
import { startValidation } from '../../validation/testing/validationHarness.ts'
import type { UserOperation } from '../../validation/validatedOperation.ts'
import { debugMethods } from './debugMethods.ts'

let chain: TestChain
let core: BundlerCore
beforeAll(async () => {
  chain = await startTestChain({ version: entryPoint06 })
  const { client, entryPoint } = chain
  core = await startBundlerCore({ client, executors: [], version: entryPoint06, entryPoint })
})
afterAll(async () => {
  await core?.stop()
  await chain?.stop()
})

async function dump(): Promise<unknown> {
  const methods = debugMethods({
    ...core,
    stakeOf: () => Promise.reject(new Error('nobody asked for a stake')),
    entryPoint: chain.entryPoint,
    version: entryPoint06,
  })
  const answer = await methods.debug_bundler_dumpMempool?.([chain.entryPoint], {} as never)
  if (!answer?.ok) throw new Error('not answered')
  return JSON.parse(JSON.stringify(answer.value))
}

/** What v0.6 and later versions have in common on the wire. */
function commonFields(operation: UserOperation): Record<string, string> {
  const { sender, callData, signature } = operation
  return {
    sender,
    nonce: numberToHex(operation.nonce),
    callData,
    callGasLimit: numberToHex(operation.callGasLimit),
    verificationGasLimit: numberToHex(operation.verificationGasLimit),
    preVerificationGas: numberToHex(operation.preVerificationGas),
    maxFeePerGas: numberToHex(operation.maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(operation.maxPriorityFeePerGas),
    signature,
  }
}

it('gives operations of EntryPoint v0.6 with initCode and paymasterAndData, and without the fields of v0.7', async () => {
  const accounts = await deploySimpleAccounts(chain)
  const { accepted } = await startValidation(chain)
  const paymaster = await chain.place(paymasterCode(''))
  await chain.deposit(paymaster, parseEther('1'))
  const first = await accounts.operation(1n)
  await chain.setBalance(first.sender, parseEther('1'))
  const sponsored = await accounts.operation(2n, { paymaster, paymasterData: '0x1234' })
  for (const operation of [first, sponsored]) {
    const validated = await accepted(operation)
    await core.look()
    expect(await core.mempool.add(validated)).toMatchObject({ ok: true })
  }
  const initCode = ({ factory = '0x', factoryData = '0x' }: UserOperation) =>
    concatHex([factory, factoryData])
  expect(await dump()).toEqual([
    { ...commonFields(first), initCode: initCode(first), paymasterAndData: '0x' },
    {
      ...commonFields(sponsored),
      initCode: initCode(sponsored),
      paymasterAndData: concatHex([paymaster, '0x1234']),
    },
  ])
})
