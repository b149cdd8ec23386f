// A plain key that becomes an account by EIP-7702, on a chain at Prague: unmodified viem against the bundler as
// operators run it, which is started anew in between. And on a chain at London, which has no such accounts.
import { entryPoint08 } from '@worldland-aa/bundler/entryPoint/entryPoint08'
import { contractArtifact } from '@worldland-aa/bundler/validation/testing/chainAccess'
import { startTestChain, type TestChain } from '@worldland-aa/bundler/validation/testing/testChain'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import {
  type Address,
  concatHex,
  createClient,
  encodeAbiParameters,
  http,
  numberToHex,
  parseEther,
} from 'viem'
import { createBundlerClient, toSimple7702SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import type { Daemon } from '../support/daemon.ts'
import { errorOf } from '../support/rpc.ts'
import { wireOperation } from '../support/wireOperation.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const recipient: Address = '0x00000000000000000000000000000000000ec1e7'

describe('on a chain at Prague', () => {
  const own = subfolder(folder)
  let chain: TestChain
  let bundler: Daemon
  let implementation: Address
  const start = (flags = {}) =>
    startBundler({ rpcUrl: chain.url, folder: own, flags: { 'entry-point': chain.entryPoint, ...flags } })

  beforeAll(async () => {
    chain = await startTestChain({ version: entryPoint08, hardfork: 'prague' })
    const { bytecode } = contractArtifact('Simple7702Account', '0.8')
    const argument = encodeAbiParameters([{ type: 'address' }], [chain.entryPoint])
    const { contractAddress } = await chain.send({ data: concatHex([bytecode, argument]) })
    implementation = contractAddress as Address
    bundler = await start()
  })
  afterAll(async () => {
    await bundler?.stop()
    await chain?.stop()
  })

  async function newWallet() {
    const owner = privateKeyToAccount(generatePrivateKey())
    await chain.anvil.setBalance({ address: owner.address, value: parseEther('1') })
    const client = createClient({ chain: { ...foundry, id: 103 }, transport: http(chain.url) })
    const account = await toSimple7702SmartAccount({ client, owner, implementation })
    const authorization = await owner.signAuthorization({ chainId: 103, nonce: 0, address: implementation })
    const connect = () =>
      createBundlerClient({ account, client, transport: http(bundler.url), pollingInterval: 100 })
    return { owner, authorization, connect }
  }

  it.each(['local', 'debug'])(
    'a key delegates with its first operation, judged by the %s tracer',
    async tracer => {
      await bundler.stop()
      bundler = await start({ tracer })
      const { owner, authorization, connect } = await newWallet()
      const wallet = connect()
      const calls = [{ to: recipient, value: 1n }]
      const hash = await wallet.sendUserOperation({ calls, authorization })
      const { success, receipt } = await wallet.waitForUserOperationReceipt({ hash, timeout: 60_000 })
      expect(success).toBe(true)
      expect(await chain.client.getTransaction({ hash: receipt.transactionHash })).toMatchObject({
        type: 'eip7702',
      })
      const code = `0xef0100${implementation.slice(2)}`.toLowerCase()
      expect(await chain.client.getCode({ address: owner.address })).toBe(code)
      const later = await wallet.sendUserOperation({ calls })
      const next = await wallet.waitForUserOperationReceipt({ hash: later, timeout: 60_000 })
      expect(next.success).toBe(true)
    },
  )

  it('an operation that waits with its authorization lands after the bundler was killed', async () => {
    const { authorization, connect } = await newWallet()
    await chain.anvil.setAutomine(false)
    const hash = await connect().sendUserOperation({ calls: [{ to: recipient, value: 1n }], authorization })
    await bundler.kill()
    bundler = await start()
    await chain.anvil.setAutomine(true)
    await chain.anvil.mine({ blocks: 1 })
    const { success } = await connect().waitForUserOperationReceipt({ hash, timeout: 60_000 })
    expect(success).toBe(true)
  })
})

describe('on a chain at London', () => {
  let chain: TestChain
  let bundler: Daemon
  beforeAll(async () => {
    chain = await startTestChain()
    bundler = await startBundler({ rpcUrl: chain.url, folder: subfolder(folder) })
  })
  afterAll(async () => {
    await bundler?.stop()
    await chain?.stop()
  })

  it.each(['eth_sendUserOperation', 'eth_estimateUserOperationGas'])(
    '%s refuses an authorization',
    async method => {
      const owner = privateKeyToAccount(generatePrivateKey())
      const {
        r,
        s,
        yParity = 0,
      } = await owner.signAuthorization({ chainId: 103, nonce: 0, address: recipient })
      const eip7702Auth = {
        chainId: '0x67',
        nonce: '0x0',
        address: recipient,
        r,
        s,
        yParity: numberToHex(yParity),
      }
      const operation = wireOperation(owner.address, { eip7702Auth })
      expect(await errorOf(bundler.url, method, operation, entryPoint07Address)).toMatchObject({
        code: -32602,
        message: expect.stringContaining('this chain has no EIP-7702'),
        data: { field: 'eip7702Auth' },
      })
    },
  )
})
