// What /health says of a service that cannot do its work, and what callers are told meanwhile.
import { join } from 'node:path'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { mountSmallDisk, type SmallDisk } from '@worldland-aa/service/testing/smallDisk'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPaymaster, type Paymaster } from './paymaster.ts'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { paymasterConfig, testLogger } from './testing/startPaymaster.ts'

let chain: Chain
let service: Paymaster | undefined
let disk: SmallDisk | undefined

beforeEach(async () => {
  chain = await startChain({ depositWei: 0n, stakeWei: 0n })
})
afterEach(async () => {
  disk?.empty()
  await service?.stop()
  service = undefined
  disk?.remove()
  disk = undefined
  await chain?.stop()
})

async function start(settings: Record<string, unknown> = {}): Promise<void> {
  const config = paymasterConfig(chain, { settings, policies: { policies: [welcomePolicy(chain)] } })
  service = await createPaymaster(config, testLogger)
  await service.start()
}

async function health(): Promise<{ status: number; checks: Record<string, string> }> {
  const response = await fetch(`${service?.url()}/health`)
  const { checks } = (await response.json()) as { checks: Record<string, string> }
  return { status: response.status, checks }
}

async function untilHealth(status: number): Promise<Record<string, string>> {
  return await vi.waitFor(
    async () => {
      const seen = await health()
      expect(seen.status).toBe(status)
      return seen.checks
    },
    { timeout: 30_000, interval: 50 },
  )
}

async function ask(): Promise<unknown> {
  const client = viemClient(chain, service?.url() ?? '', await newAccount(chain, 1n), 'client')
  return await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
}

async function deposit(wei: bigint): Promise<void> {
  const hash = await chain.wallet.writeContract({
    address: chain.paymaster,
    abi: computePaymasterAbi,
    functionName: 'deposit',
    value: wei,
  })
  await chain.client.waitForTransactionReceipt({ hash })
}

describe('a first start', () => {
  it('answers at once, and says which transaction it waits for until stake and deposit are mined', async () => {
    const account = await newAccount(chain, 1n)
    await chain.anvil.client.setAutomine(false)
    await start({ treasuryKey: chain.ownerKey })
    const client = viemClient(chain, service?.url() ?? '', account, 'client')
    const prepare = () => client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
    await expect
      .poll(async () => (await health()).checks.start)
      .toBe(`waits for a stake of ${parseEther('1')} wei by ${chain.owner.address} to be mined`)
    expect((await health()).status).toBe(503)
    await expect(prepare()).rejects.toThrow(/has just started and waits for a stake of \d+ wei .* try again/)
    await chain.anvil.client.setAutomine(true)
    await chain.anvil.client.mine({ blocks: 1 })
    await service?.ready()
    expect(await untilHealth(200)).not.toHaveProperty('start')
    await prepare()
  })
})

describe('health fails', () => {
  it('while the deposit has no room for one operation: because it is empty, or all of it is held', async () => {
    // To the last wei, by whoever asks.
    await start({ lentDepositPercent: 100, policyDepositPercent: 100, callerDepositPercent: 100 })
    await service?.ready()
    expect((await untilHealth(503)).deposit).toContain('0 of 0 wei free, less than the')
    // For two operations at the fees of the test, and no more.
    await deposit(parseEther('0.0024'))
    await untilHealth(200)
    await ask()
    await ask()
    expect((await untilHealth(503)).deposit).toMatch(
      /wei free, less than .*wei are held for what may still land/,
    )
  })

  it('while the contract has revoked the signer, for which nothing is signed either', async () => {
    await deposit(parseEther('1'))
    await start()
    await service?.ready()
    await untilHealth(200)
    const trust = async (trusted: boolean) => {
      const hash = await chain.wallet.writeContract({
        address: chain.paymaster,
        abi: computePaymasterAbi,
        functionName: 'setSigner',
        args: [privateKeyToAccount(chain.signerKey).address, trusted],
      })
      await chain.client.waitForTransactionReceipt({ hash })
    }
    await trust(false)
    expect((await untilHealth(503)).signer).toContain('revoked')
    await expect(ask()).rejects.toThrow(/trusts its signer no more/)
    await trust(true)
    await untilHealth(200)
    await ask()
  })

  it('while the treasury has a key and no coin', async () => {
    await deposit(parseEther('1'))
    const treasuryKey = generatePrivateKey()
    const { address } = privateKeyToAccount(treasuryKey)
    await start({ treasuryKey, treasuryEveryBlocks: 1 })
    await service?.ready()
    expect((await untilHealth(503)).treasury).toContain(`${address} has 0 wei, too little for a transaction`)
    await chain.anvil.client.setBalance({ address, value: parseEther('1') })
    await chain.anvil.client.mine({ blocks: 1 })
    await untilHealth(200)
  })

  it('while the disk under the data file is full, and names the file', async context => {
    disk = mountSmallDisk(4_096)
    if (disk === undefined) return context.skip('only root may mount a small disk')
    const dataFile = join(disk.folder, 'ledger.sqlite')
    await deposit(parseEther('1'))
    await start({ dataFile })
    await service?.ready()
    /** Of every block it writes how far it came. */
    const healthAfterBlock = async (): Promise<{ status: number; storage: string | undefined }> => {
      await chain.anvil.client.mine({ blocks: 1 })
      const { status, checks } = await health()
      return { status, storage: checks.storage }
    }
    const patience = { timeout: 30_000, interval: 100 }
    await expect.poll(healthAfterBlock, patience).toEqual({ status: 200, storage: 'is written' })
    disk.fill()
    await expect
      .poll(healthAfterBlock, patience)
      .toEqual({ status: 503, storage: expect.stringContaining(`${dataFile}: its disk is full`) })
    disk.empty()
    await expect.poll(healthAfterBlock, patience).toEqual({ status: 200, storage: 'is written' })
  })
})
