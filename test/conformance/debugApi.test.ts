// debug_bundler_* as the official conformance suite drives it: shapes, order, and that it is off by default.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, getAddress, type Hex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { errorOf, resultOf } from '../support/rpc.ts'
import { deployTestEntities, type TestEntities } from '../support/testEntities.ts'
import { hashOf, paidBy, type WireOperation, wireOperation } from '../support/wireOperation.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let chain: TestChain
let bundler: Daemon
let entities: TestEntities
let account: Address

beforeAll(async () => {
  chain = await startTestChain()
  entities = await deployTestEntities(chain.faucet)
  account = await entities.account('HonestAccount')
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder, flags: { 'debug-api': 'true' } })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

const debug = <Result>(method: string, ...params: readonly unknown[]): Promise<Result> =>
  resultOf<Result>(bundler.url, `debug_bundler_${method}`, ...params)
const send = (operation: WireOperation): Promise<Hex> =>
  resultOf(bundler.url, 'eth_sendUserOperation', operation, entryPoint07Address)
const dump = (): Promise<readonly object[]> => debug('dumpMempool', entryPoint07Address)

beforeEach(async () => {
  expect(await debug('clearState')).toBeTruthy()
  expect(await debug('setBundlingMode', 'manual')).toBeTruthy()
})

describe('debug_bundler_dumpMempool', () => {
  it('gives bare operations, hex for hex as they were sent', async () => {
    const paymaster = await entities.paymaster('GenerousPaymaster', 10n ** 18n)
    const sent = [wireOperation(account), wireOperation(account, paidBy(paymaster))]
    for (const operation of sent) await send(operation)
    expect(await dump()).toEqual(sent)
  })

  it('is empty after clearMempool, which leaves reputations alone', async () => {
    await send(wireOperation(account, paidBy(await entities.paymaster('GenerousPaymaster', 10n ** 18n))))
    expect(await debug('clearMempool')).toBeTruthy()
    expect(await dump()).toEqual([])
    expect(await debug('dumpReputation', entryPoint07Address)).toHaveLength(1)
  })

  it('answers for the entry point that is served only', async () => {
    expect(await errorOf(bundler.url, 'debug_bundler_dumpMempool', account)).toMatchObject({ code: -32602 })
  })
})

describe('debug_bundler_sendBundleNow', () => {
  it('returns once the bundle is mined and known', async () => {
    const operation = wireOperation(account)
    await send(operation)
    expect(await debug('sendBundleNow')).toMatch(/^0x[0-9a-f]{64}$/)
    expect(await dump()).toEqual([])
    expect(await resultOf(bundler.url, 'eth_getUserOperationReceipt', hashOf(operation))).toMatchObject({
      success: true,
    })
  })

  it('is a yes when there is nothing to send', async () => {
    expect(await debug('sendBundleNow')).toBeTruthy()
  })
})

describe('reputations', () => {
  const [seen, included] = ['0x3e8', '0x64']

  it('come back as they were set, with the status as a number', async () => {
    const entries = [
      { address: getAddress(`0x${'11'.repeat(20)}`), opsSeen: '0x1', opsIncluded: included },
      { address: getAddress(`0x${'22'.repeat(20)}`), opsSeen: '0x78', opsIncluded: '0x1' },
      { address: getAddress(`0x${'33'.repeat(20)}`), opsSeen: seen, opsIncluded: '0x0' },
    ]
    expect(await debug('setReputation', entries, entryPoint07Address)).toBeTruthy()
    expect(await debug('dumpReputation', entryPoint07Address)).toEqual(
      entries.map((entry, index) => ({ ...entry, status: ['0x0', '0x1', '0x2'][index] })),
    )
    expect(await debug('clearReputation')).toBeTruthy()
    expect(await debug('dumpReputation', entryPoint07Address)).toEqual([])
  })

  it('keep a banned account out', async () => {
    await debug(
      'setReputation',
      [{ address: account, opsSeen: '0x2710', opsIncluded: '0x0' }],
      entryPoint07Address,
    )
    const error = await errorOf(
      bundler.url,
      'eth_sendUserOperation',
      wireOperation(account),
      entryPoint07Address,
    )
    expect(error).toMatchObject({
      code: -32504,
      data: { rule: 'GREP-010', entity: 'account', address: account },
    })
  })

  it('are refused when malformed', async () => {
    const error = await errorOf(bundler.url, 'debug_bundler_setReputation', [{ address: account }])
    expect(error).toMatchObject({ code: -32602 })
  })
})

it('debug_bundler_getStakeStatus tells stake and delay in decimal', async () => {
  expect(await debug('getStakeStatus', account, entryPoint07Address)).toEqual({
    stakeInfo: { addr: account, stake: '0', unstakeDelaySec: '0' },
    isStaked: false,
  })
})

it('nothing of it is there unless the operator asks for it', async () => {
  const plain = await startBundler({ rpcUrl: chain.rpcUrl, folder: subfolder(folder) })
  try {
    expect(await errorOf(plain.url, 'debug_bundler_clearState')).toMatchObject({ code: -32601 })
  } finally {
    await plain.stop()
  }
})
