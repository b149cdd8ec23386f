// Who is taken for a holder of a right, before the real contracts: keys and contract accounts, and what strangers try.

import { createAuthorisations } from '@worldland-aa/provider/access/authorisations'
import { createHolders, type Holders, validSeconds } from '@worldland-aa/provider/access/holder'
import { type AccessTables, accessMigrations } from '@worldland-aa/provider/access/tables'
import { createUsedStatements } from '@worldland-aa/provider/access/usedStatements'
import { computeAccountFactoryAbi } from '@worldland-aa/sdk/abi/computeAccountFactory'
import { toOwnerBytes } from '@worldland-aa/sdk/account/ownerBytes'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { revokeRight } from '@worldland-aa/sdk/actions/rights/revokeRight'
import { signAccessStatement, toAccessAuthorization } from '@worldland-aa/sdk/serving/accessStatement'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import type { Hash, PublicClient } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LeaseStage, startLeaseStage } from '../support/leaseStage.ts'

const url = 'https://gpu.example'
const chainId = 103
let stage: LeaseStage
let holders: Holders
let leaseId: bigint
let head: Hash
let issuedAt: bigint
let nowMilliseconds = 1_800_000_000_000
const clock = { now: () => nowMilliseconds }
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  stage = await startLeaseStage()
  const client = stage.payer as unknown as PublicClient
  const database = await openDatabase<AccessTables>({ path: ':memory:', migrations: accessMigrations })
  closing.push(
    () => stage.stop(),
    () => database.destroy(),
  )
  const { usageRights } = stage.contracts
  const authorisations = createAuthorisations({ client, usageRights, head: () => head })
  holders = createHolders({
    ...{ client, chainId, publicUrl: () => `${url}/`, clock },
    authorisations,
    usedStatements: createUsedStatements({ database, clock }),
  })
  leaseId = await stage.rent({ access: '0x01' })
})
afterAll(async () => {
  for (const close of closing) await close()
})

type Signing = Partial<Parameters<typeof signAccessStatement>[0]>

async function statementOf(changed: Signing = {}) {
  // Two statements of one second that say the same are one.
  issuedAt = (issuedAt ?? BigInt(nowMilliseconds) / 1000n) + 1n
  nowMilliseconds = Number(issuedAt) * 1000
  return await signAccessStatement({
    ...{ chainId, market: stage.contracts.instanceLease, agreementId: leaseId, purpose: 'access', url },
    ...{ signer: stage.payer.account, issuedAt },
    ...changed,
  })
}

async function judge(authorization: string, wanted: Partial<Parameters<Holders['holderOf']>[1]> = {}) {
  ;({ hash: head } = await stage.payer.getBlock())
  const request = { headers: new Headers({ authorization }) }
  const market = stage.contracts.instanceLease
  return await holders.holderOf(request, { market, agreementId: leaseId, purpose: 'access', ...wanted })
}

describe('a holder of a right is let in', () => {
  it('by the root right that opening a lease gave the payer', async () => {
    const { authorization, statement } = await statementOf({ key: `0x${'ab'.repeat(32)}` })
    expect(await judge(authorization)).toEqual({
      ok: true,
      value: { user: stage.payer.account.address, detail: '', key: statement.key },
    })
  })

  it('with what the statement says after its purpose', async () => {
    const { authorization } = await statementOf({ purpose: 'access ssh-ed25519 AAAA me@home' })
    expect(await judge(authorization)).toMatchObject({
      ok: true,
      value: { detail: 'ssh-ed25519 AAAA me@home' },
    })
  })

  it('by a right that was granted, until it is revoked', async () => {
    const rightId = await stage.grant(leaseId, stage.colleague.account.address)
    const signer = stage.colleague.account
    expect(await judge((await statementOf({ signer })).authorization)).toMatchObject({ ok: true })
    await stage.send(stage.payer, revokeRight.calls({ contracts: stage.contracts, rightId }))
    expect(await judge((await statementOf({ signer })).authorization)).toMatchObject({
      ok: false,
      refusal: { status: 403, message: expect.stringContaining('no right') },
    })
  })

  it('as a contract account that signs by ERC-1271, and only by its own key', async () => {
    const owner = privateKeyToAccount(generatePrivateKey())
    const { contracts } = stage
    const account = await toComputeAccount({ client: stage.payer, contracts, owner })
    const hash = await stage.payer.writeContract({
      address: contracts.computeAccountFactory,
      abi: computeAccountFactoryAbi,
      functionName: 'createAccount',
      args: [toOwnerBytes(owner), 0n],
    })
    await stage.payer.waitForTransactionReceipt({ hash })
    await stage.grant(leaseId, account.address)
    const signed = await statementOf({ signer: account as never })
    expect(await judge(signed.authorization)).toMatchObject({ ok: true, value: { user: account.address } })

    const { statement } = await statementOf({ signer: account as never })
    const forged = await statementOf({ signer: stage.stranger.account })
    expect(await judge(toAccessAuthorization(statement, forged.signature))).toMatchObject({
      ok: false,
      refusal: { status: 401, message: expect.stringContaining('not signed by') },
    })
  })
})

describe('attack: a statement that is not good for this', () => {
  const isRefused = (status: number, word: string) => ({
    ok: false,
    refusal: { status, message: expect.stringContaining(word) },
  })

  it('is refused when it is replayed', async () => {
    const { authorization } = await statementOf()
    expect(await judge(authorization)).toMatchObject({ ok: true })
    expect(await judge(authorization)).toEqual(isRefused(401, 'used already'))
  })

  it('may be shown again where the route allows it, until it is too old', async () => {
    const { authorization } = await statementOf()
    expect(await judge(authorization, { isReusable: true })).toMatchObject({ ok: true })
    expect(await judge(authorization, { isReusable: true })).toMatchObject({ ok: true })
    nowMilliseconds += (validSeconds + 1) * 1000
    expect(await judge(authorization, { isReusable: true })).toEqual(isRefused(401, 'seconds ago'))
    issuedAt = BigInt(nowMilliseconds) / 1000n
  })

  it('is refused for another provider, lease, purpose, chain or market', async () => {
    const other = await statementOf({ url: 'https://evil.example' })
    expect(await judge(other.authorization)).toEqual(isRefused(401, 'another address'))
    const lease = await statementOf({ agreementId: leaseId + 1n })
    expect(await judge(lease.authorization)).toEqual(isRefused(401, `not for ${leaseId}`))
    const purpose = await statementOf({ purpose: 'files' })
    expect(await judge(purpose.authorization)).toEqual(isRefused(401, 'is for "files"'))
    const chain = await statementOf({ chainId: 1 })
    expect(await judge(chain.authorization)).toEqual(isRefused(401, 'not signed by'))
    const market = await statementOf({ market: stage.contracts.serverlessSession })
    expect(await judge(market.authorization)).toEqual(isRefused(401, 'not signed by'))
  })

  it("is refused from a stranger's key, and from one who names the payer", async () => {
    const stranger = await statementOf({ signer: stage.stranger.account })
    expect(await judge(stranger.authorization)).toEqual(isRefused(403, 'no right'))
    const posing = toAccessAuthorization(
      { ...stranger.statement, user: stage.payer.account.address },
      stranger.signature,
    )
    expect(await judge(posing)).toEqual(isRefused(401, 'not signed by'))
  })

  it('is refused when it is dated ahead', async () => {
    const ahead = await statementOf({ issuedAt: issuedAt + 3600n })
    expect(await judge(ahead.authorization)).toEqual(isRefused(401, 'ahead'))
  })

  it.each([
    ['nothing', ''],
    ['another scheme', 'Bearer abc'],
    ['no JSON', 'Worldland abc'],
    ['a field too many', `Worldland ${Buffer.from('{"admin":true}').toString('base64url')}`],
    ['more than a header may hold', `Worldland ${'a'.repeat(20_000)}`],
  ])('is refused with a sentence when it is %s', async (_, authorization) => {
    expect(await judge(authorization)).toEqual(isRefused(401, 'signAccessStatement'))
  })

  it('is refused for a right that does not allow what is asked', async () => {
    await stage.grant(leaseId, stage.stranger.account.address, ['use'])
    const signer = stage.stranger.account
    expect(await judge((await statementOf({ signer })).authorization)).toMatchObject({ ok: true })
    const { authorization } = await statementOf({ signer })
    expect(await judge(authorization, { acts: ['use', 'stop'] })).toEqual(isRefused(403, 'use, stop'))
  })
})
