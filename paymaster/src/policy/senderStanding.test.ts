import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RequestedOperation } from '../requestedOperation.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { createSenderJudge } from './senderStanding.ts'

const sender = '0x6000000000000000000000000000000000000006'
const operation: RequestedOperation = {
  sender,
  nonce: 0n,
  callData: '0x',
  callGasLimit: 1n,
  verificationGasLimit: 1n,
  preVerificationGas: 1n,
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
}
let chain: Chain

beforeAll(async () => {
  chain = await startChain()
})
afterAll(async () => await chain?.stop())

it('lets an account be deployed again that a reorg took back', async () => {
  const { client, entryPoint, factory } = chain
  const judge = createSenderJudge({ client, entryPoint, nonceWindow: 8 })
  await chain.anvil.client.setCode({ address: sender, bytecode: '0x00' })
  expect(await judge(operation)).toMatchObject({ ok: true })
  expect(await judge({ ...operation, factory, factoryData: '0x' })).toMatchObject({
    refusal: { data: { reason: 'noAccount' } },
  })
  await chain.anvil.client.setCode({ address: sender, bytecode: '0x' })
  expect(await judge({ ...operation, factory, factoryData: '0x' })).toMatchObject({ ok: true })
})
