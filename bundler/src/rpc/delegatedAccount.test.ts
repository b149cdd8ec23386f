// A plain key, without any contract of its own, that has become an account by EIP-7702: through unmodified viem.
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Address,
  concatHex,
  createClient,
  encodeAbiParameters,
  getAddress,
  type Hash,
  http,
  parseEther,
  type SignedAuthorization,
  toHex,
} from 'viem'
import { createBundlerClient, entryPoint08Abi, toSimple7702SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { delegationCode, delegationMarker } from '../entryPoint/delegation.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'
import { accountCode } from '../validation/testing/assemble.ts'
import { contractArtifact } from '../validation/testing/chainAccess.ts'
import { testOperation } from '../validation/testing/operation.ts'
import { executeCall, testFees } from '../validation/testing/simpleAccount.ts'
import { startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import { startValidation, type ValidationHarness } from '../validation/testing/validationHarness.ts'
import { walletDoor } from './testing/walletDoor.ts'

const recipient: Address = '0x00000000000000000000000000000000000ec1e7'

/** Validates only once it is set up, and pays what it is asked for. */
const settingUp = accountCode(
  `CALLDATASIZE 4 EQ ISZERO 15 JUMPI 7702 5 SSTORE STOP JUMPDEST
   5 SLOAD 27 JUMPI 0 0 REVERT JUMPDEST
   CALLDATASIZE 4 GT 50 JUMPI 0 0 0 0 0x44 CALLDATALOAD CALLER GAS CALL POP JUMPDEST`,
)

describe.each(['0.8', '0.9'] as const)('on prague, with EntryPoint v%s, a key that delegates', number => {
  const version = entryPointVersions[number]
  const path = join(tmpdir(), `${randomUUID()}.sqlite`)
  const executor = privateKeyToAccount(generatePrivateKey())
  let chain: TestChain
  let harness: ValidationHarness
  let core: BundlerCore
  let implementation: Address

  const startCore = () =>
    startBundlerCore({
      client: chain.client,
      executors: [executor],
      version,
      entryPoint: chain.entryPoint,
      fork: 'prague',
      path,
    })

  beforeAll(async () => {
    chain = await startTestChain({ version, hardfork: 'prague' })
    harness = await startValidation(chain)
    await chain.anvil.setBalance({ address: executor.address, value: parseEther('10') })
    core = await startCore()
    implementation = await deployImplementation()
  })
  afterAll(async () => {
    await core.stop()
    await chain.stop()
    rmSync(path, { force: true })
  })

  async function deployImplementation(): Promise<Address> {
    const { bytecode } = contractArtifact('Simple7702Account', number)
    // Since v0.9 the EntryPoint is given to it.
    const argument = encodeAbiParameters([{ type: 'address' }], [chain.entryPoint])
    const { contractAddress } = await chain.send({ data: concatHex([bytecode, argument]) })
    return getAddress(contractAddress as Address)
  }

  async function newWallet() {
    const owner = privateKeyToAccount(generatePrivateKey())
    await chain.anvil.setBalance({ address: owner.address, value: parseEther('1') })
    const client = createClient({ chain: { ...foundry, id: 103 }, transport: http(chain.url) })
    const account = await toSimple7702SmartAccount({
      client,
      owner,
      implementation,
      entryPoint: { address: chain.entryPoint, abi: entryPoint08Abi, version: number },
    })
    const bundler = createBundlerClient({
      account,
      client,
      transport: walletDoor(chain, harness, core),
      pollingInterval: 50,
    })
    const authorize = (terms: Partial<SignedAuthorization> = {}): Promise<SignedAuthorization> =>
      owner.signAuthorization({ chainId: 103, nonce: 0, address: implementation, ...terms } as never)
    return { owner, bundler, authorize }
  }

  type Wallet = Awaited<ReturnType<typeof newWallet>>

  async function landed(hash: Hash) {
    const [transactionHash] = await core.bundling.sendNow()
    if (transactionHash === undefined) throw new Error('no bundle was sent')
    await chain.client.waitForTransactionReceipt({ hash: transactionHash })
    await core.look()
    await harness.source.poll()
    const transaction = await chain.client.getTransaction({ hash: transactionHash })
    return { transaction, receipt: await core.receipts.receiptOf(hash) }
  }

  /** Waits in the mempool. */
  async function sent(wallet: Wallet, options: { nonce?: bigint; authorization?: SignedAuthorization } = {}) {
    await core.look()
    await harness.source.poll()
    return await wallet.bundler.sendUserOperation({ calls: [{ to: recipient, value: 1n }], ...options })
  }

  it('lands its first operation with its authorization, and later ones without', async () => {
    const wallet = await newWallet()
    const { address } = wallet.owner
    const first = await sent(wallet, { authorization: await wallet.authorize() })
    expect(await core.receipts.operationByHash(first)).toMatchObject({
      userOperation: { eip7702Auth: { address: implementation, nonce: '0x0', chainId: '0x67' } },
    })
    const { transaction, receipt } = await landed(first)
    expect(receipt).toMatchObject({ success: true, userOpHash: first, sender: address })
    expect(transaction.type).toBe('eip7702')
    expect(transaction.authorizationList).toMatchObject([{ nonce: 0, chainId: 103 }])
    expect(await chain.client.getCode({ address })).toBe(delegationCode(implementation))
    // The bundler must not have paid for it.
    const used = await chain.client.getTransactionReceipt({ hash: transaction.hash })
    expect(used.gasUsed).toBeLessThanOrEqual(BigInt(receipt?.actualGasUsed ?? 0))

    const second = await sent(wallet)
    const after = await landed(second)
    expect(after.receipt).toMatchObject({ success: true, userOpHash: second })
    expect(after.transaction.type).toBe('eip1559')
  })

  it('is set up by what stands behind the marker, before it validates', async () => {
    const wallet = await newWallet()
    const { address } = wallet.owner
    // Whoever calls it with four bytes sets it up; in any other call it pays what it is asked for.
    const delegate = await chain.place(settingUp)
    const unsigned = testOperation({
      sender: address,
      factory: delegationMarker,
      factoryData: '0x12345678',
      callData: '0xabcd',
      authorization: await wallet.authorize({ address: delegate }),
      preVerificationGas: 100_000n,
      ...testFees,
    })
    await core.look()
    await harness.source.poll()
    expect(await core.mempool.add(await harness.accepted(unsigned))).toMatchObject({ ok: true })
    const hash = version.hash(unsigned, { chainId: 103, entryPoint: chain.entryPoint })
    expect((await landed(hash)).receipt).toMatchObject({ success: true })
    expect(await chain.client.getStorageAt({ address, slot: toHex(5) })).toBe(toHex(7702, { size: 32 }))
  })

  it('lands after a restart what was acknowledged before it', async () => {
    const wallet = await newWallet()
    const hash = await sent(wallet, { authorization: await wallet.authorize() })
    await core.stop()
    core = await startCore()
    const { transaction, receipt } = await landed(hash)
    expect(receipt).toMatchObject({ success: true, userOpHash: hash })
    expect(transaction.authorizationList).toHaveLength(1)
  })

  it('lands two operations that bring the same authorization, which the chain takes once', async () => {
    const wallet = await newWallet()
    const authorization = await wallet.authorize()
    const first = await sent(wallet, { authorization, nonce: 0n })
    expect((await landed(first)).receipt).toMatchObject({ success: true })
    const second = await sent(wallet, { authorization, nonce: 1n })
    const { transaction, receipt } = await landed(second)
    expect(receipt).toMatchObject({ success: true })
    expect(transaction.type).toBe('eip1559')
  })

  it('goes in one bundle with others, each with an authorization of its own', async () => {
    const wallets = [await newWallet(), await newWallet()]
    const hashes: Hash[] = []
    for (const wallet of wallets)
      hashes.push(await sent(wallet, { authorization: await wallet.authorize({ chainId: 0 }) }))
    const { transaction, receipt } = await landed(hashes[0] as Hash)
    expect(transaction.authorizationList).toHaveLength(2)
    expect(receipt).toMatchObject({ success: true })
    expect(await core.receipts.receiptOf(hashes[1] as Hash)).toMatchObject({ success: true })
  })

  it.each([
    ['for another chain', { chainId: 1 }, /chainId 1; sign it for 103/],
    [
      'that is used up, or not yet due',
      { nonce: 7 },
      /nonce is 7; sign it for the account's nonce, which is 0/,
    ],
  ] as const)('is refused an authorization %s', async (_, terms, words) => {
    const wallet = await newWallet()
    await expect(sent(wallet, { authorization: await wallet.authorize(terms) })).rejects.toThrow(words)
  })

  it('is refused an authorization by another key', async () => {
    const [wallet, other] = [await newWallet(), await newWallet()]
    const authorization = await other.authorize()
    await expect(sent(wallet, { authorization })).rejects.toThrow(
      `is signed by ${other.owner.address.toLowerCase()}`,
    )
  })
})

describe('on prague, with EntryPoint v0.7, which knows no marker', () => {
  let chain: TestChain
  let core: BundlerCore
  beforeAll(async () => {
    chain = await startTestChain({ hardfork: 'prague' })
    const executor = privateKeyToAccount(generatePrivateKey())
    await chain.anvil.setBalance({ address: executor.address, value: parseEther('10') })
    core = await startBundlerCore({ client: chain.client, executors: [executor], fork: 'prague' })
  })
  afterAll(async () => {
    await core.stop()
    await chain.stop()
  })

  it('an operation lands with its authorization, and is refused one by another nonce', async () => {
    const { entryPoint, version } = chain
    const harness = await startValidation(chain)
    const { bytecode } = contractArtifact('Simple7702Account', '0.9')
    const argument = encodeAbiParameters([{ type: 'address' }], [entryPoint])
    const { contractAddress } = await chain.send({ data: concatHex([bytecode, argument]) })
    const owner = privateKeyToAccount(generatePrivateKey())
    await chain.anvil.setBalance({ address: owner.address, value: parseEther('1') })
    const authorize = (nonce: number) =>
      owner.signAuthorization({ chainId: 103, nonce, address: contractAddress as Address })
    const unsigned = testOperation({
      sender: owner.address,
      callData: executeCall(recipient, '0x', 1n),
      preVerificationGas: 100_000n,
      authorization: await authorize(0),
      ...testFees,
    })
    const hash = version.hash(unsigned, { chainId: 103, entryPoint })
    const operation = { ...unsigned, signature: await owner.sign({ hash }) }
    const stale = { ...operation, authorization: await authorize(1) }
    expect(await harness.refusal(stale)).toMatchObject({ code: -32500, data: { field: 'eip7702Auth' } })
    await core.look()
    expect(await core.mempool.add(await harness.accepted(operation))).toMatchObject({ ok: true })
    const [transactionHash] = await core.bundling.sendNow()
    await chain.client.waitForTransactionReceipt({ hash: transactionHash as Hash })
    await core.look()
    expect(await core.receipts.receiptOf(hash)).toMatchObject({ success: true })
  })
})

describe('on london', () => {
  let chain: TestChain
  let harness: ValidationHarness
  beforeAll(async () => {
    chain = await startTestChain()
    harness = await startValidation(chain)
  })
  afterAll(() => chain.stop())

  it('an operation with an authorization is refused, with the way out', async () => {
    const owner = privateKeyToAccount(generatePrivateKey())
    const authorization = await owner.signAuthorization({ chainId: 103, nonce: 0, address: recipient })
    expect(await harness.refusal(testOperation({ sender: owner.address, authorization }))).toMatchObject({
      code: -32602,
      message: expect.stringMatching(/eip7702Auth .*older than Prague.*deploy the account by factory/),
      data: { field: 'eip7702Auth' },
    })
  })
})
