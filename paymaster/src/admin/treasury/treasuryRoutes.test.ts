// The operator moves money by the admin API: what is prepared does what it says when the owner's wallet sends it, what may
// not be taken is refused before the chain is asked, and what is sent is followed to its end.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Hash, type Hex, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { landOperation } from '../../testing/landOperation.ts'
import {
  approveCall,
  depositOf,
  fees,
  fillTank,
  gas,
  newAccount,
  stranger,
  tokensOf,
  transferCall,
  viemClient,
  welcomePolicy,
} from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { untilSettled } from '../../testing/startPaymaster.ts'
import { type Browser, type House, startHouse } from '../testing/startHouse.ts'
import type { PreparedTransaction, TreasuryTransaction, TreasuryView } from './schema.ts'

type Refused = { readonly error: { readonly code: string; readonly message: string; readonly hint: string } }

let chain: Chain
let house: House | undefined
let admin: Browser

beforeEach(async () => {
  chain = await startChain({ depositWei: parseEther('1') })
})
afterEach(async () => {
  await house?.stop()
  house = undefined
  await chain?.stop()
})

async function start(settings: Record<string, unknown> = {}): Promise<void> {
  const policies = join(mkdtempSync(join(tmpdir(), 'policies-')), 'policies.json')
  writeFileSync(policies, JSON.stringify({ policies: [welcomePolicy(chain)] }))
  house = await startHouse(chain, { policies, ...settings })
  admin = await house.signIn('admin')
}

async function prepared(transaction: object): Promise<PreparedTransaction> {
  const { status, body } = await admin.ask<PreparedTransaction>('POST', '/treasury/prepare', transaction)
  expect(body).toMatchObject({ simulated: 'ok' })
  expect(status).toBe(200)
  return body
}

/** As a wallet in the browser does. */
async function send({ to, data, valueWei }: PreparedTransaction): Promise<Hash> {
  const hash = await chain.wallet.sendTransaction({
    to: to as Hex,
    data: data as Hex,
    value: BigInt(valueWei),
  })
  expect((await chain.client.waitForTransactionReceipt({ hash })).status).toBe('success')
  await untilSettled(chain, house?.url ?? '')
  return hash
}

async function sendPrepared(transaction: object): Promise<PreparedTransaction> {
  const made = await prepared(transaction)
  await send(made)
  return made
}

const view = async () => (await admin.ask<TreasuryView>('GET', '/treasury')).body
const history = async () =>
  (await admin.ask<{ items: TreasuryTransaction[] }>('GET', '/treasury/transactions')).body.items
const info = () =>
  chain.client.readContract({
    address: chain.entryPoint,
    abi: entryPoint07Abi,
    functionName: 'getDepositInfo',
    args: [chain.paymaster],
  })

describe('what is prepared', () => {
  it('adds deposit and stake, unlocks the stake and takes it out, as it says', async () => {
    await start()
    const topUp = await sendPrepared({ kind: 'topUp', amountWei: String(parseEther('0.25')) })
    expect(topUp.description).toBe('Adds 0.25 of the native coin to the gas deposit in the EntryPoint')
    expect(topUp.from).toBeUndefined()
    expect(await depositOf(chain)).toBe(parseEther('1.25'))

    const staked = await sendPrepared({ kind: 'addStake', amountWei: String(parseEther('2')) })
    expect(staked.from).toBe(chain.owner.address)
    expect((await info()).stake).toBe(parseEther('3'))
    expect((await view()).stake).toMatchObject({ amountWei: String(parseEther('3')), isLocked: true })

    const tooEarly = await admin.ask<Refused>('POST', '/treasury/prepare', {
      kind: 'withdrawStake',
      recipient: stranger,
    })
    expect(tooEarly).toMatchObject({ status: 409, body: { error: { code: 'stakeLocked' } } })
    await sendPrepared({ kind: 'unlockStake' })
    expect((await info()).staked).toBe(false)
    await chain.anvil.client.increaseTime({ seconds: 86_401 })
    await chain.anvil.client.mine({ blocks: 1 })
    await untilSettled(chain, house?.url ?? '')
    await sendPrepared({ kind: 'withdrawStake', recipient: stranger })
    expect(await chain.client.getBalance({ address: stranger })).toBe(parseEther('3'))
  })

  it('takes deposit out, collects from tanks, turns revenue into deposit and takes the rest of it', async () => {
    await start()
    await sendPrepared({ kind: 'withdrawDeposit', recipient: stranger, amountWei: String(parseEther('0.4')) })
    expect(await chain.client.getBalance({ address: stranger })).toBe(parseEther('0.4'))
    expect(await depositOf(chain)).toBe(parseEther('0.6'))

    const account = await newAccount(chain, 0n)
    await fillTank(chain, account.address, parseEther('0.5'))
    await untilSettled(chain, house?.url ?? '')
    const client = viemClient(chain, house?.url ?? '', account, 'client')
    const paymasterContext = { tank: true }
    const operation = await client.prepareUserOperation({
      ...{ calls: [approveCall(chain)], ...gas, ...fees, paymasterContext },
    })
    await landOperation(chain, account, operation)
    await chain.anvil.client.mine({ blocks: 4 })
    await untilSettled(chain, house?.url ?? '')
    const before = await view()
    expect(before.revenueWei).toBe('0')
    const spentWei = BigInt(before.tanks.spentWei)
    expect(spentWei).toBeGreaterThan(0n)

    const tooMuch = await admin.ask<Refused>('POST', '/treasury/prepare', {
      kind: 'withdrawRevenue',
      recipient: stranger,
      amountWei: '1',
    })
    expect(tooMuch.body.error.message).toContain(
      'belong to their accounts until they are spent and collected',
    )
    const collected = await sendPrepared({ kind: 'collectFromTanks' })
    expect(collected.description).toBe('Turns what one gas tank has spent into revenue')
    expect((await view()).revenueWei).toBe(String(spentWei))

    const depositWei = await depositOf(chain)
    await sendPrepared({ kind: 'refillFromRevenue', amountWei: '1000' })
    expect(await depositOf(chain)).toBe(depositWei + 1_000n)
    await sendPrepared({
      kind: 'withdrawRevenue',
      recipient: stranger,
      amountWei: String(spentWei - 1_000n),
    })
    expect(await tokensOf(chain, stranger)).toBe(spentWei - 1_000n)
    expect(await view()).toMatchObject({ revenueWei: '0', tanks: { spentWei: '0' } })
  })

  it('has the contract trust a signer and trust it no more', async () => {
    await start()
    const signer = privateKeyToAddress(generatePrivateKey())
    const isSigner = () =>
      chain.client.readContract({
        address: chain.paymaster,
        abi: computePaymasterAbi,
        functionName: 'isSigner',
        args: [signer],
      })
    await sendPrepared({ kind: 'trustSigner', signer })
    expect(await isSigner()).toBe(true)
    await sendPrepared({ kind: 'removeSigner', signer })
    expect(await isSigner()).toBe(false)
  })
})

describe('a withdrawal of deposit', () => {
  it('beyond what is reserved is refused with the figures, and nothing is sent', async () => {
    await start({ treasuryKey: chain.ownerKey })
    const account = await newAccount(chain)
    await untilSettled(chain, house?.url ?? '')
    const client = viemClient(chain, house?.url ?? '', account, 'client')
    await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
    const { deposit } = await view()
    expect(BigInt(deposit.heldWei)).toBeGreaterThan(0n)
    const all = { kind: 'withdrawDeposit', recipient: stranger, amountWei: deposit.totalWei }
    const refused = await admin.ask<Refused>('POST', '/treasury/prepare', all)
    expect(refused.status).toBe(409)
    expect(refused.body.error).toMatchObject({
      code: 'depositHeld',
      message: `Of the deposit of ${deposit.totalWei} wei, ${deposit.heldWei} wei are held for what is signed for and may still land, so ${deposit.totalWei} wei cannot be taken`,
      hint: `take ${deposit.freeWei} wei at the most`,
    })
    const executed = await admin.ask('POST', '/treasury/execute', {
      requestId: 'too-much-1',
      transaction: all,
    })
    expect(executed.status).toBe(409)
    expect(await history()).toEqual([])
    await sendPrepared({ ...all, amountWei: deposit.freeWei })
    expect(await depositOf(chain)).toBe(BigInt(deposit.heldWei))
  })

  it('under way is held, so that nothing is signed for by the same wei', async () => {
    await start({ treasuryKey: chain.ownerKey, depositMinimumWei: '1', depositTargetWei: '2' })
    await chain.anvil.client.setAutomine(false)
    const amountWei = String(parseEther('0.9'))
    const transaction = { kind: 'withdrawDeposit', recipient: stranger, amountWei }
    const sent = await admin.ask<TreasuryTransaction>('POST', '/treasury/execute', {
      requestId: 'withdrawal-1',
      transaction,
    })
    expect(sent).toMatchObject({ status: 202, body: { state: 'sent', sentBy: 'treasuryKey' } })
    expect((await view()).deposit).toMatchObject({ heldWei: amountWei, freeWei: String(parseEther('0.1')) })
    await chain.anvil.client.mine({ blocks: 1 })
    await expect.poll(async () => (await history())[0]?.state).toBe('mined')
    expect((await view()).deposit).toMatchObject({ heldWei: '0', totalWei: String(parseEther('0.1')) })
  })
})

describe('the treasury key', () => {
  it('sends once for a request id, whatever is asked again', async () => {
    await start({ treasuryKey: chain.ownerKey })
    const asked = {
      requestId: 'top-up-0001',
      transaction: { kind: 'topUp', amountWei: '12345' },
    }
    const answers = await Promise.all(
      [1, 2, 3].map(() => admin.ask<TreasuryTransaction>('POST', '/treasury/execute', asked)),
    )
    expect(new Set(answers.map(({ body }) => body.hash)).size).toBe(1)
    await expect.poll(() => depositOf(chain)).toBe(parseEther('1') + 12_345n)
    const other = { ...asked, transaction: { kind: 'topUp', amountWei: '1' } }
    expect(await admin.ask<Refused>('POST', '/treasury/execute', other)).toMatchObject({
      status: 409,
      body: { error: { code: 'requestIdUsed' } },
    })
    expect(await history()).toHaveLength(1)
    expect(await depositOf(chain)).toBe(parseEther('1') + 12_345n)
  })

  it('does nothing for an operator or a viewer, who may look', async () => {
    await start({ treasuryKey: chain.ownerKey })
    const asked = { requestId: 'top-up-0001', transaction: { kind: 'topUp', amountWei: '1' } }
    for (const role of ['viewer', 'operator'] as const) {
      const person = await house?.signIn(role)
      expect((await person?.ask('POST', '/treasury/execute', asked))?.status).toBe(403)
      expect((await person?.ask('GET', '/treasury'))?.status).toBe(200)
    }
    expect(await history()).toEqual([])
  })

  it('is missing, and that is said', async () => {
    await start()
    const asked = { requestId: 'top-up-0001', transaction: { kind: 'topUp', amountWei: '1' } }
    expect(await admin.ask<Refused>('POST', '/treasury/execute', asked)).toMatchObject({
      status: 409,
      body: { error: { code: 'noTreasuryKey', hint: expect.stringContaining('--treasury-key-file') } },
    })
  })

  it('that is not the owner is told so before the chain does', async () => {
    const treasuryKey = generatePrivateKey()
    await chain.anvil.client.setBalance({ address: privateKeyToAddress(treasuryKey), value: parseEther('5') })
    await start({ treasuryKey })
    expect((await view()).treasuryKey).toMatchObject({
      isOwner: false,
      mayExecute: ['topUp', 'collectFromTanks'],
    })
    const transaction = { kind: 'withdrawDeposit', recipient: stranger, amountWei: '1' }
    const refused = await admin.ask<Refused>('POST', '/treasury/execute', {
      requestId: 'withdrawal-1',
      transaction,
    })
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'notOwner' } } })
  })
})

describe('the history', () => {
  it('follows what a wallet has sent until it is final, and back where a reorg takes it out', async () => {
    await start()
    const made = await prepared({ kind: 'topUp', amountWei: '777' })
    const hash = await send(made)
    const told = { requestId: 'by-wallet-1', kind: 'topUp', hash }
    expect(await admin.ask('POST', '/treasury/transactions', { ...told, kind: 'addStake' })).toMatchObject({
      status: 400,
      body: { error: { code: 'otherTransaction' } },
    })
    expect((await admin.ask('POST', '/treasury/transactions', told)).status).toBe(200)
    await expect.poll(async () => (await history())[0]?.state).toBe('mined')
    // Its block goes, and the new one is without it.
    const raw = await chain.client.request({
      method: 'eth_getRawTransactionByHash' as never,
      params: [hash] as never,
    })
    await chain.anvil.client.request({ method: 'anvil_reorg' as never, params: [1, []] as never })
    await chain.anvil.client.dropTransaction({ hash })
    await expect.poll(async () => (await history())[0]).toMatchObject({ state: 'sent', blockNumber: null })
    await chain.client.sendRawTransaction({ serializedTransaction: raw })
    await expect.poll(async () => (await history())[0]?.state).toBe('mined')
    await chain.anvil.client.mine({ blocks: 3 })
    await expect.poll(async () => (await history())[0]?.state).toBe('final')
  })

  it('has what the service sent by itself when the deposit ran low', async () => {
    await start({ treasuryKey: chain.ownerKey, depositTargetWei: '1.5ether' })
    await expect.poll(() => depositOf(chain)).toBe(parseEther('1.5'))
    expect(await history()).toMatchObject([
      { kind: 'topUp', sentBy: 'automatic', valueWei: String(parseEther('0.5')), actorName: null },
    ])
  })
})
