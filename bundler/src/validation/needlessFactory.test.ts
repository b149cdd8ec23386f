// Since v0.9 the EntryPoint ignores the factory of an account that exists: then it may be anybody.
import { type Address, parseEther } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { encodeHandleOps } from '../entryPoint/encodeHandleOps.ts'
import { entryPoint09 } from '../entryPoint/entryPoint09.ts'
import { richAccount } from './testing/chainAccess.ts'
import { deploySimpleAccounts, type SimpleAccounts, signed } from './testing/simpleAccount.ts'
import { startTestChain, type TestChain } from './testing/testChain.ts'
import { startValidation, type ValidationHarness } from './testing/validationHarness.ts'

let chain: TestChain
let accounts: SimpleAccounts
let harness: ValidationHarness
const deploymentGas = { verificationGasLimit: 600_000n, preVerificationGas: 200_000n }

beforeAll(async () => {
  chain = await startTestChain({ version: entryPoint09, hardfork: 'prague' })
  accounts = await deploySimpleAccounts(chain)
})
beforeEach(async () => {
  harness = await startValidation(chain)
})
afterAll(async () => await chain.stop())

async function funded(salt: bigint): Promise<Address> {
  const { sender } = await accounts.operation(salt)
  await chain.anvil.setBalance({ address: sender, value: parseEther('1') })
  return sender
}

it('an account that exists makes nobody answer for it by naming him as its factory', async () => {
  await funded(1n)
  const first = await accounts.operation(1n, deploymentGas)
  const data = encodeHandleOps(entryPoint09, [entryPoint09.encode(first)], richAccount.address)
  await chain.send({ to: chain.entryPoint, data })
  const other = await funded(2n)
  const operation = await accounts.operation(1n, { preVerificationGas: 200_000n })
  for (const factory of [other, accounts.factory]) {
    const naming = await signed({ ...operation, factory, factoryData: '0x1234' }, chain)
    const { entities } = await harness.accepted(naming)
    expect(entities).toEqual({ sender: expect.objectContaining({ address: operation.sender }) })
  }
})

it('the factory that deploys the account is an entity of its operation', async () => {
  await funded(3n)
  const { entities } = await harness.accepted(await accounts.operation(3n, deploymentGas))
  expect(entities.factory).toMatchObject({ address: accounts.factory })
})
