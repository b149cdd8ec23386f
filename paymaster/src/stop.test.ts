// A stop in the middle of everything: what was handed out is on the disk, and nothing is written behind its back.
import { createLogger } from '@worldland-aa/service/logger'
import { lookIntoDatabase } from '@worldland-aa/service/testing/lookIntoDatabase'
import { numberToHex, parseEther } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPaymaster } from './paymaster.ts'
import { fees, gas, newAccount, transferCall, welcomePolicy } from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { paymasterConfig } from './testing/startPaymaster.ts'

let chain: Chain
let account: SmartAccount
beforeAll(async () => {
  chain = await startChain({ depositWei: parseEther('50') })
  account = await newAccount(chain, 1n)
})
afterAll(() => chain?.stop())

/** The service, and what it complains of. */
async function create(settings: Record<string, unknown> = {}) {
  const complaints: string[] = []
  const logger = createLogger({ name: 'test', level: 'warn' }, { write: line => void complaints.push(line) })
  const policy = welcomePolicy(chain, {
    limits: { costPerOperationWei: '0.01ether', global: { costWei: '50ether' } },
  })
  const config = paymasterConfig(chain, {
    settings: { pollMilliseconds: 50, treasuryEveryBlocks: 1, ...settings },
    policies: { policies: [policy] },
  })
  return { service: await createPaymaster(config, logger), dataFile: config.dataFile, complaints }
}

/** Asks in one lane after the other until nobody answers; the lanes that were signed for. */
async function askUntilGone(url: string, firstLane: number, onSigned: () => void): Promise<bigint[]> {
  const signed: bigint[] = []
  const operation = {
    sender: account.address,
    ...(await account.getFactoryArgs()),
    callData: await account.encodeCalls([transferCall(chain)]),
    callGasLimit: numberToHex(gas.callGasLimit),
    verificationGasLimit: numberToHex(gas.verificationGasLimit),
    preVerificationGas: numberToHex(gas.preVerificationGas),
    maxFeePerGas: numberToHex(fees.maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(fees.maxPriorityFeePerGas),
    signature: await account.getStubSignature(),
  }
  for (let lane = firstLane; ; lane++) {
    const nonce = BigInt(lane) << 64n
    const params = [{ ...operation, nonce: numberToHex(nonce) }, chain.entryPoint, '0x67', {}]
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'pm_getPaymasterData', params })
    try {
      const headers = { 'content-type': 'application/json' }
      const answer = await (await fetch(url, { method: 'POST', headers, body })).json()
      if ((answer as { error?: unknown }).error !== undefined) throw new Error(JSON.stringify(answer))
      signed.push(nonce)
      onSigned()
    } catch (error) {
      if (error instanceof TypeError) return signed
      throw error
    }
  }
}

describe('a stop', () => {
  it.each([1, 4, 9])(
    'after %i signatures, while it is asked and blocks come, loses none of them',
    async after => {
      const { service, dataFile, complaints } = await create()
      await service.start()
      await service.ready()
      let left = after
      let stopped: Promise<void> | undefined
      const onSigned = (): void => {
        if (--left === 0) stopped = service.stop()
      }
      let isOver = false
      const blocks = (async () => {
        while (!isOver) await chain.anvil.client.mine({ blocks: 1 })
      })()
      const url = service.url()
      const signed = await Promise.all([0, 1, 2].map(asker => askUntilGone(url, 1_000 * asker, onSigned)))
      await stopped
      isOver = true
      await blocks
      const rows = lookIntoDatabase(
        dataFile,
        'select nonce from exposure join signature on signature.exposure_id = exposure.id',
      ) as { nonce: string }[]
      expect(rows.map(row => row.nonce)).toEqual(expect.arrayContaining(signed.flat().map(String)))
      expect(signed.flat().length).toBeGreaterThanOrEqual(after)
      expect(complaints).toEqual([])
    },
  )

  it('gives up what is still starting: blocks to catch up with, and a stake that nobody mines', async () => {
    const first = await create({ stakeWei: '2ether', treasuryKey: chain.ownerKey })
    const { dataFile } = first
    const complaints = [...first.complaints]
    await chain.anvil.client.setAutomine(false)
    try {
      await first.service.start()
      await first.service.stop()
    } finally {
      await chain.anvil.client.setAutomine(true)
    }
    await chain.anvil.client.mine({ blocks: 2_500 })
    for (const moment of ['begun', 'listening'] as const) {
      const next = await create({ dataFile })
      const started = next.service.start()
      if (moment === 'listening') await expect.poll(next.service.url, { interval: 1 }).toContain('http')
      await next.service.stop()
      await started
      complaints.push(...next.complaints)
    }
    expect(complaints).toEqual([])
    // The file is free for the next.
    const third = await create({ dataFile })
    await third.service.start()
    await third.service.stop()
  })
})
