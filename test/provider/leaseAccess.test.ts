// Who may use a machine without having rented it: a right that was granted opens it, and closes it when it is revoked.
import { once } from 'node:events'
import { newKeyPair } from '@worldland-aa/provider/access/ssh/newKeyPair'
import { askLeaseAccess } from '@worldland-aa/sdk/actions/lease/askLeaseAccess'
import { extendLease } from '@worldland-aa/sdk/actions/lease/extendLease'
import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { revokeRight } from '@worldland-aa/sdk/actions/rights/revokeRight'
import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
import { signAccessStatement } from '@worldland-aa/sdk/serving/accessStatement'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccessStage, startAccessStage } from '../support/accessStage.ts'
import { connectSsh, execBySsh } from '../support/sshClient.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let stage: AccessStage
beforeAll(async () => {
  stage = await startAccessStage(folder)
})
afterAll(async () => {
  await stage.stop()
})

const ask = (leaseId: bigint, more: Partial<Parameters<typeof askLeaseAccess>[1]> = {}) =>
  askLeaseAccess(stage.market.payer, {
    ...{ contracts: stage.market.contracts, leaseId, url: stage.url },
    ...more,
  })

describe('a sub-let user', () => {
  it('asks in one call, gets in, and is out within a block once the right is revoked', async () => {
    const { leaseId } = await stage.serve()
    const { colleague, payer, contracts } = stage.market
    const rightId = await stage.market.grant(leaseId, colleague.account.address)
    await stage.nextBlock()
    const access = await ask(leaseId, { signer: colleague.account })
    if (access.ssh === undefined) throw new Error('There is no SSH in the access')
    const client = await connectSsh(access.ssh)
    expect(await execBySsh(client, 'echo in')).toMatchObject({ output: 'in\n' })
    const logs = await fetch(`${stage.url}/leases/${leaseId}/logs`, {
      headers: { authorization: `Bearer ${access.token}` },
    })
    expect(logs.status).toBe(200)

    const closed = once(client, 'close')
    await stage.market.send(payer, revokeRight.calls({ contracts, rightId }))
    await stage.nextBlock()
    await closed
    const refused = await fetch(`${stage.url}/leases/${leaseId}/logs`, {
      headers: { authorization: `Bearer ${access.token}` },
    })
    expect(refused.status).toBe(403)
    await expect(ask(leaseId, { signer: colleague.account })).rejects.toThrow('holds no right')
  })

  it('brings an SSH key of its own, which opens again and again', async () => {
    const { leaseId } = await stage.serve()
    const { colleague } = stage.market
    await stage.market.grant(leaseId, colleague.account.address)
    await stage.nextBlock()
    const keys = newKeyPair()
    const access = await ask(leaseId, {
      signer: colleague.account,
      sshPublicKey: `${keys.publicKey} me@home`,
    })
    if (access.ssh === undefined) throw new Error('There is no SSH in the access')
    const { password: _, ...ssh } = access.ssh
    for (let time = 0; time < 2; time++) {
      const client = await connectSsh(ssh, { privateKey: keys.privateKey })
      expect(await execBySsh(client, 'echo in')).toMatchObject({ output: 'in\n' })
      client.end()
    }
  })

  it('does not put out the payer, whose token goes on', async () => {
    const { leaseId, access } = await stage.serve()
    const { colleague, payer, contracts } = stage.market
    const rightId = await stage.market.grant(leaseId, colleague.account.address)
    await stage.nextBlock()
    await ask(leaseId, { signer: colleague.account })
    await stage.market.send(payer, revokeRight.calls({ contracts, rightId }))
    await stage.nextBlock()
    const logs = await fetch(`${stage.url}/leases/${leaseId}/logs`, {
      headers: { authorization: `Bearer ${access.token}` },
    })
    expect(logs.status).toBe(200)
  })
})

describe('a payer', () => {
  it('stays in when the lease is extended, block after block', async () => {
    const { leaseId, access } = await stage.serve()
    if (access.ssh === undefined) throw new Error('There is no SSH in the access')
    const client = await connectSsh(access.ssh)
    let isClosed = false
    client.once('close', () => {
      isClosed = true
    })
    const { contracts, payer, chain } = stage.market
    const lease = await getLease(payer, { contracts, leaseId })
    await stage.market.send(payer, extendLease.calls({ contracts, lease, extraSeconds: 600 }))
    for (let block = 0; block < 3; block++) {
      await chain.anvil.mine({ blocks: 1 })
      await stage.nextBlock()
    }
    expect(await execBySsh(client, 'echo still in')).toMatchObject({ output: 'still in\n' })
    expect(isClosed).toBe(false)
    client.end()
  })

  it('gets fresh secrets when the first password is used, from the same call', async () => {
    const { leaseId, access } = await stage.serve()
    if (access.ssh === undefined) throw new Error('There is no SSH in the access')
    ;(await connectSsh(access.ssh)).end()
    const again = await ask(leaseId)
    expect(again.ssh?.password).not.toBe(access.ssh.password)
    if (again.ssh === undefined) throw new Error('There is no SSH in the access')
    ;(await connectSsh(again.ssh)).end()
  })

  it('is given the same bytes for `ready` however often, also after a restart', async () => {
    const payer = stage.market.payer.account.address
    const lease = { leaseId: 77n, payer, accessPublicKey: `0x${'09'.padEnd(64, '0')}` as const, ports: [80] }
    const first = await stage.access.prepare(lease)
    expect(await stage.access.prepare(lease)).toBe(first)
    await stage.restart()
    expect(await stage.access.prepare(lease)).toBe(first)
    const other = { ...lease, payer: stage.market.stranger.account.address }
    expect(await stage.access.prepare(other)).not.toBe(first)
    await stage.access.forget(77n)
    expect(await stage.access.prepare(lease)).not.toBe(first)
  })

  it('who gave no key, or one that nobody can seal to, is told where to ask, and no secret is published', async () => {
    const payer = stage.market.payer.account.address
    for (const accessPublicKey of [undefined, `0x${'00'.repeat(32)}`] as const) {
      const published = await stage.access.prepare({ leaseId: 78n, payer, accessPublicKey, ports: [80] })
      expect(Buffer.from(published.slice(2), 'hex').toString()).toBe(
        JSON.stringify({ ask: `${stage.url}/leases/78/access` }),
      )
    }
  })
})

describe('attack: access is asked for', () => {
  it('by whom a reorg gave the id of a lease whose machine is here: he does not find the machine of the one before', async () => {
    const { leaseId, access } = await stage.serve()
    const { stranger, payer, contracts, chain } = stage.market
    const terms = { contracts, offerId: 1n, seconds: 600, gasAllowanceWei: undefined }
    const maximumPricePerSecondWei = (await getLease(payer, { contracts, leaseId })).pricePerSecondWei
    // What opened it, accepted it and made it ready.
    await chain.reorg(3)
    await stage.nextBlock()
    expect((await fetch(`${stage.url}/leases/${leaseId}`)).status).toBe(404)
    await stage.market.send(stranger, wrapCoin.calls({ contracts, amountWei: parseEther('1') }))
    await stage.market.send(stranger, rentInstance.calls({ ...terms, maximumPricePerSecondWei }))
    await stage.nextBlock()
    expect((await getLease(payer, { contracts, leaseId })).payer).toBe(stranger.account.address)
    await expect(ask(leaseId, { signer: stranger.account })).rejects.toThrow('No machine of lease')
    expect((await fetch(`${stage.url}/leases/${leaseId}`)).status).toBe(404)
    if (access.ssh === undefined) throw new Error('There is no SSH in the access')
    await expect(connectSsh(access.ssh)).rejects.toThrow('failed')
  })

  it("by a stranger, with somebody else's statement, or for a lease that is not here", async () => {
    const { leaseId } = await stage.serve()
    const { stranger, payer, contracts } = stage.market
    await expect(ask(leaseId, { signer: stranger.account })).rejects.toThrow('holds no right')
    const statement = await signAccessStatement({
      ...{ chainId: 103, market: contracts.instanceLease, agreementId: leaseId, purpose: 'access' },
      ...{ url: stage.url, signer: payer.account, key: `0x${'09'.padEnd(64, '0')}` as const },
    })
    const post = (id: bigint) =>
      fetch(`${stage.url}/leases/${id}/access`, {
        method: 'POST',
        headers: { authorization: statement.authorization },
      })
    expect((await post(leaseId)).status).toBe(200)
    const replayed = await post(leaseId)
    expect(replayed.status).toBe(401)
    expect(await replayed.json()).toMatchObject({ error: expect.stringContaining('used already') })
    expect((await post(leaseId + 1n)).status).toBe(401)
    const unserved = await stage.market.rent()
    await expect(ask(unserved)).rejects.toThrow('No machine of lease')
  })
})

describe('what anybody may see of a lease that is served here', () => {
  it('is its state and the seconds that are left, and nothing of others', async () => {
    const { leaseId } = await stage.serve({ ports: [8000] })
    const answer = await fetch(`${stage.url}/leases/${leaseId}`)
    expect(await answer.json()).toMatchObject({
      ...{
        leaseId: leaseId.toString(),
        state: 'ready',
        machine: 'running',
        ports: [8000],
        secondsPaid: 3600,
      },
      secondsLeft: expect.any(Number),
    })
    expect((await fetch(`${stage.url}/leases/999`)).status).toBe(404)
    expect((await fetch(`${stage.url}/leases/x%2f..`)).status).toBe(404)
  })

  it('is not its logs: these want the token of its own access', async () => {
    const command = ['/bin/sh', '-c', 'echo hello from the machine; sleep 3600']
    const { leaseId, access } = await stage.serve({ command })
    const other = await stage.serve()
    const read = async (token?: string) =>
      await fetch(`${stage.url}/leases/${leaseId}/logs`, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      })
    expect((await read()).status).toBe(401)
    expect((await read(other.access.token)).status).toBe(401)
    await expect.poll(async () => await (await read(access.token)).text()).toContain('hello from the machine')
  })
})
