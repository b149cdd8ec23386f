// A signer gives way to another while operations are signed for and land: none is lost, and no bundle fails.
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { askDaemon } from '@worldland-aa/service/control/askDaemon'
import { type Address, createWalletClient, http, parseEther } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterEach, expect, it } from 'vitest'
import { landOperation } from '../testing/landOperation.ts'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from '../testing/startPaymaster.ts'

let chain: Chain
let service: PaymasterUnderTest | undefined
const workers = 3

afterEach(async () => {
  await service?.stop()
  service = undefined
  await chain?.stop()
})

async function tell(command: string, argument?: string) {
  return await askDaemon(`${service?.config.dataFile}.control`, { command, argument })
}

async function allow(signer: Address, isAllowed: boolean): Promise<void> {
  const hash = await chain.wallet.writeContract({
    address: chain.paymaster,
    abi: computePaymasterAbi,
    functionName: 'setSigner',
    args: [signer, isAllowed],
  })
  await chain.client.waitForTransactionReceipt({ hash })
}

/** The same chain, for somebody who lands operations with coin of his own. */
async function beside(): Promise<Chain> {
  const owner = privateKeyToAccount(generatePrivateKey())
  await chain.anvil.client.setBalance({ address: owner.address, value: parseEther('100') })
  const wallet = createWalletClient({ chain: worldland, transport: http(chain.anvil.url), account: owner })
  return { ...chain, owner, wallet }
}

it('loses no operation and fails no bundle while the active signer changes and the old one is removed', async () => {
  chain = await startChain({ depositWei: parseEther('5') })
  const keyFile = join(mkdtempSync(join(tmpdir(), 'keys-')), 'signer.key')
  writeFileSync(keyFile, `${chain.signerKey}\n`, { mode: 0o600 })
  const [oldSigner, newKey] = [privateKeyToAddress(chain.signerKey), generatePrivateKey()]
  const newSigner = privateKeyToAddress(newKey)
  service = await startPaymaster(chain, {
    settings: { signerKey: '', signerKeyFile: keyFile },
    policies: {
      policies: [
        welcomePolicy(chain, {
          validitySeconds: 120,
          limits: { costPerOperationWei: '0.01ether', global: { costWei: '4ether' } },
        }),
      ],
    },
  })
  // Each block takes the chain's clock along, so that signatures expire while others are given.
  await chain.anvil.client.setBlockTimestampInterval({ interval: 7 })
  let isOver = false
  let landed = 0
  const failures: unknown[] = []
  const cast: { own: Chain; account: SmartAccount }[] = []
  for (let i = 0; i < workers; i++) cast.push({ own: await beside(), account: await newAccount(chain) })
  const flow = cast.map(async ({ own, account }) => {
    const client = viemClient(chain, service?.url ?? '', account, 'client')
    while (!isOver) {
      try {
        const signed = await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
        const { success } = await landOperation(own, account, signed)
        if (!success) failures.push('an operation landed without success')
        landed++
      } catch (error) {
        failures.push(error)
      }
    }
  })
  const until = async (count: number) => {
    await expect.poll(() => landed + failures.length, { timeout: 60_000 }).toBeGreaterThan(count)
  }

  await until(workers)
  expect(await tell('signer', newSigner)).toMatchObject({
    ok: false,
    message: expect.stringContaining('put it into the key file'),
  })
  appendFileSync(keyFile, `${newKey}\n`)
  expect((await tell('reload')).message).toContain(`${newSigner} not trusted by the contract`)
  expect(await tell('signer', newSigner)).toMatchObject({
    ok: false,
    message: expect.stringContaining('does not trust'),
  })
  await allow(newSigner, true)
  await expect.poll(async () => (await tell('signer', newSigner)).ok, { timeout: 60_000 }).toBe(true)
  expect((await tell('status')).message).toContain(`${newSigner} signs, trusted by the contract`)
  expect((await tell('status')).message).toMatch(new RegExp(`${oldSigner}.*not yet to be removed`))
  await expect
    .poll(async () => (await tell('status')).message, { timeout: 60_000, interval: 200 })
    .toMatch(new RegExp(`${oldSigner}.*all it signed has expired: may be removed`))
  await allow(oldSigner, false)
  writeFileSync(keyFile, `${newKey}\n`)
  expect(await tell('reload')).toMatchObject({ ok: true })
  await until(landed + 2 * workers)
  isOver = true
  await Promise.all(flow)
  expect(failures).toEqual([])
  expect(landed).toBeGreaterThan(15)
}, 180_000)
