// The facts of an account that is a plain key until its authorization is taken: the same by the node and in process.
import { type Address, concatHex, encodeAbiParameters, parseEther, zeroHash } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseStateReader } from '../../chainState/chooseStateReader.ts'
import { delegationMarker } from '../../entryPoint/delegation.ts'
import { entryPoint08 } from '../../entryPoint/entryPoint08.ts'
import { createEngine, type Engine } from '../../execution/engine.ts'
import { accountCode, revertingCode } from '../testing/assemble.ts'
import { contractArtifact } from '../testing/chainAccess.ts'
import { testOperation } from '../testing/operation.ts'
import { testFees } from '../testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../testing/testChain.ts'
import type { UserOperation } from '../validatedOperation.ts'
import { createDebugTracer } from './debug.ts'
import { createLocalTracer } from './local.ts'
import { operationKeyOf, type Tracer } from './tracer.ts'

const owner = privateKeyToAccount(generatePrivateKey())
let chain: TestChain
let debug: Tracer
let local: Tracer
let engine: Engine
let implementation: Address
beforeAll(async () => {
  chain = await startTestChain({ version: entryPoint08, hardfork: 'prague' })
  await chain.anvil.setBalance({ address: owner.address, value: parseEther('1') })
  const { bytecode } = contractArtifact('Simple7702Account', '0.8')
  const argument = encodeAbiParameters([{ type: 'address' }], [chain.entryPoint])
  const { contractAddress } = await chain.send({ data: concatHex([bytecode, argument]) })
  implementation = contractAddress as Address
  const reader = await chooseStateReader(chain.client)
  const evm = { fork: 'prague', extraPrecompiles: [] } as const
  engine = createEngine({ reader, chainId: 103, evm, stepLimit: 1_000_000 })
  local = createLocalTracer(engine)
  debug = createDebugTracer({ client: chain.client })
})
afterAll(() => chain.stop())

/** Asks for the time when it is set up, which takes four bytes, and pays and accepts in any other call. */
const settingUp = accountCode(
  'CALLDATASIZE 4 EQ ISZERO 15 JUMPI TIMESTAMP POP 1 5 SSTORE JUMPDEST 1 6 SSTORE 0 0 0 0 0x44 CALLDATALOAD CALLER GAS CALL POP',
)

async function operation(
  nonce = 0,
  fields: Partial<UserOperation> = {},
  address = implementation,
): Promise<UserOperation> {
  const unsigned = testOperation({
    sender: owner.address,
    factory: delegationMarker,
    authorization: await owner.signAuthorization({ chainId: 103, nonce, address }),
    ...testFees,
    ...fields,
  })
  const hash = entryPoint08.hash(unsigned, { chainId: 103, entryPoint: chain.entryPoint })
  return { ...unsigned, signature: await owner.sign({ hash }) }
}

async function traces(userOperation: UserOperation) {
  const { entryPoint, version } = chain
  const request = {
    userOperation,
    entryPoint,
    version,
    block: await chain.head(),
    operationKey: owner.address,
  }
  const [expected, found] = [await debug.trace(request), await local.trace(request)]
  expect({ ...found, keccakPreimages: new Set(found.keccakPreimages) }).toEqual({
    ...expected,
    keccakPreimages: new Set(expected.keccakPreimages),
  })
  return found
}

describe('the facts of an account that its operation delegates', () => {
  it('are those of its delegate’s code, and pass', async () => {
    const trace = await traces(await operation())
    expect(trace.outcome.passed).toBe(true)
    expect(trace.authority).toEqual({ nonce: 0n, codeBytes: 0 })
    expect(trace.phases.sender?.delegate).toBe(implementation)
  })

  it('are those of the call that sets it up as well, which breaks the rules for it', async () => {
    const delegate = await chain.place(settingUp)
    const trace = await traces(await operation(0, { factoryData: '0x12345678' }, delegate))
    expect(trace.outcome.passed).toBe(true)
    expect(trace.phases.factory).toBeUndefined()
    expect(trace.phases.sender?.opcodes.TIMESTAMP).toMatchObject({ count: 1 })
    expect(trace.phases.sender?.storage[owner.address.toLowerCase() as Address]?.writes).toHaveLength(2)
    const { TIMESTAMP } = (await traces(await operation(0, {}, delegate))).phases.sender?.opcodes ?? {}
    expect(TIMESTAMP).toBeUndefined()
  })

  it('end with the call that sets it up, if it reverts', async () => {
    const delegate = await chain.place(revertingCode)
    const trace = await traces(await operation(0, { factoryData: '0x12345678' }, delegate))
    expect(trace.outcome.passed).toBe(false)
    expect(trace.phases.sender).toMatchObject({ reverted: true })
  })

  it('are those of no code, for an authorization that the chain would not take', async () => {
    const trace = await traces(await operation(7))
    expect(trace.outcome.passed).toBe(false)
  })

  it('are remembered apart from those of another delegate', async () => {
    const one = await operation()
    const authorization = await owner.signAuthorization({ chainId: 103, nonce: 0, address: chain.entryPoint })
    const [key, other] = [one, { ...one, authorization }].map(each => operationKeyOf(each, zeroHash))
    expect(key).not.toBe(other)
  })

  it('hold no longer once the account has used the nonce that the authorization is for', async () => {
    await traces(await operation())
    expect(await engine.unchanged(owner.address, await chain.head())).toBe(true)
    await chain.sendAs(owner.address, { to: implementation, data: '0x' }).catch(() => undefined)
    await chain.anvil.setBalance({ address: owner.address, value: parseEther('1') })
    expect(await engine.unchanged(owner.address, await chain.head())).toBe(false)
  })
})
