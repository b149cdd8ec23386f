// Signers by the admin API: a rotation refuses each step that comes too early, and the kill switch ends all signing at once.
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Address } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { landOperation } from '../../testing/landOperation.ts'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { untilSettled } from '../../testing/startPaymaster.ts'
import { type Browser, type House, startHouse } from '../testing/startHouse.ts'
import type { PreparedTransaction } from '../treasury/schema.ts'
import type { Killed, SignersView } from './schema.ts'

type Refused = { readonly error: { readonly code: string; readonly message: string } }

let chain: Chain
let house: House | undefined
let admin: Browser
let keyFile: string
let old: Address

beforeEach(async () => {
  chain = await startChain()
  old = privateKeyToAddress(chain.signerKey)
  const folder = mkdtempSync(join(tmpdir(), 'signers-'))
  keyFile = join(folder, 'signer.key')
  writeFileSync(keyFile, `${chain.signerKey}\n`, { mode: 0o600 })
  const policies = join(folder, 'policies.json')
  writeFileSync(policies, JSON.stringify({ policies: [welcomePolicy(chain)] }))
  const keys = { signerKey: '', signerKeyFile: keyFile, treasuryKey: chain.ownerKey }
  house = await startHouse(chain, { policies, ...keys })
  admin = await house.signIn('admin')
})
afterEach(async () => {
  await house?.stop()
  house = undefined
  await chain?.stop()
})

async function sign() {
  const account = await newAccount(chain)
  await untilSettled(chain, house?.url ?? '')
  const client = viemClient(chain, house?.url ?? '', account, 'client')
  const operation = await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
  return { account, operation }
}
async function isTrusted(signer: Address): Promise<boolean> {
  const contract = { address: chain.paymaster, abi: computePaymasterAbi, functionName: 'isSigner' } as const
  return await chain.client.readContract({ ...contract, args: [signer] })
}
const signers = async () => (await admin.ask<SignersView>('GET', '/signers')).body
const stateOf = async (address: Address) =>
  (await signers()).items.find(signer => signer.address === address)?.state

it('a rotation refuses each step that comes too early, and says why', async () => {
  await sign()
  const newKey = generatePrivateKey()
  const next = privateKeyToAddress(newKey)
  const activate = () => admin.ask<Refused>('POST', `/signers/${next}/activate`)
  expect((await activate()).body.error.code).toBe('noKey')
  appendFileSync(keyFile, 'no key at all\n')
  expect((await admin.ask<Refused>('POST', '/signers/reload')).body.error.message).toContain(
    'is not a private key',
  )
  writeFileSync(keyFile, `${chain.signerKey}\n${newKey}\n`)
  expect((await admin.ask('POST', '/signers/reload')).body).toMatchObject({ added: [next], active: old })
  expect((await activate()).body.error.code).toBe('notTrusted')
  const trust = await admin.ask<PreparedTransaction>('POST', `/signers/${next}/prepare-trust`)
  expect(trust.body).toMatchObject({ from: chain.owner.address, simulated: 'ok' })
  const { to, data } = trust.body as { to: Address; data: `0x${string}` }
  await chain.client.waitForTransactionReceipt({ hash: await chain.wallet.sendTransaction({ to, data }) })
  await untilSettled(chain, house?.url ?? '')
  expect((await activate()).body.error.code).toBe('trustTooYoung')
  await chain.anvil.client.mine({ blocks: 3 })
  await untilSettled(chain, house?.url ?? '')
  expect((await activate()).status).toBe(200)
  expect(await stateOf(next)).toBe('active')
  expect(await stateOf(old)).toBe('retiring')
  const removal = await admin.ask<Refused>('POST', `/signers/${old}/prepare-removal`)
  expect(removal).toMatchObject({ status: 409, body: { error: { code: 'signaturesValid' } } })
  const own = await admin.ask<Refused>('POST', `/signers/${next}/prepare-removal`)
  expect(own.body.error.code).toBe('signerActive')
  await chain.anvil.client.increaseTime({ seconds: 4_000 })
  await chain.anvil.client.mine({ blocks: 5 })
  await untilSettled(chain, house?.url ?? '')
  expect(await stateOf(old)).toBe('removable')
  expect((await admin.ask('POST', `/signers/${old}/prepare-removal`)).status).toBe(200)
})

it('the kill switch pauses at once, removes the signer by the owner’s key, and nothing it signed lands', async () => {
  const { account, operation } = await sign()
  const asked = { execute: true, requestId: 'kill-the-key-1' }
  const operator = await house?.signIn('operator')
  expect((await operator?.ask('POST', '/signers/kill', asked))?.status).toBe(403)
  expect(await isTrusted(old)).toBe(true)
  const killed = await admin.ask<Killed>('POST', '/signers/kill', asked)
  expect(killed.status).toBe(200)
  expect(killed.body.removal.description).toContain(old)
  expect(killed.body.executed).toMatchObject({ kind: 'removeSigner', sentBy: 'treasuryKey' })
  await expect(sign()).rejects.toThrow('The operator has paused this paymaster')
  await expect.poll(() => isTrusted(old)).toBe(false)
  await expect(landOperation(chain, account, operation)).rejects.toThrow()
  const entries = await admin.ask<{ items: { action: string; subject: string }[] }>('GET', '/audit')
  expect(entries.body.items).toContainEqual(expect.objectContaining({ action: 'signer.kill', subject: old }))
})
