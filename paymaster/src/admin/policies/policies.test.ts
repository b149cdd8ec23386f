// Policies steered by the admin API while the service runs: in force for the next request, never by half.

import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { encodeFunctionData, numberToHex } from 'viem'
import { toPackedUserOperation, type UserOperation } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landOperation } from '../../testing/landOperation.ts'
import {
  fees,
  gas,
  newAccount,
  stranger,
  transferCall,
  viemClient,
  welcomePolicy,
} from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { untilSettled } from '../../testing/startPaymaster.ts'
import { type Browser, type House, startHouse } from '../testing/startHouse.ts'
import type { DryRunResult, PolicyDetail, PolicyHistory, PolicyList, SenderBanList } from './schema.ts'

type Refused = { readonly error: { code: string; message: string; field?: string } }

let chain: Chain
let house: House
let operator: Browser

beforeAll(async () => {
  chain = await startChain()
  house = await startHouse(chain, {}, { policies: [welcomePolicy(chain)] })
  operator = await house.signIn('operator')
})
afterAll(async () => {
  await house?.stop()
  await chain?.stop()
})

const definition = (change: object = {}) => welcomePolicy(chain, { id: 'gifts', default: false, ...change })

async function save(id: string, body: object) {
  return await operator.ask<PolicyDetail & Refused>('PUT', `/policies/${id}`, body)
}

/** Signs for a transfer by the policy; the refusal's reason where it does not. */
async function sponsor(policyId: string): Promise<object | string> {
  const account = await newAccount(chain)
  const client = viemClient(chain, house.url, account, 'client')
  try {
    const context = { sponsorshipPolicyId: policyId }
    const calls = [transferCall(chain)]
    return await client.prepareUserOperation({ calls, paymasterContext: context, ...gas, ...fees } as never)
  } catch (error) {
    return (error as Error).message
  }
}

describe('a policy in the console', () => {
  it('is in force for the next request, and archived it sponsors nothing', async () => {
    expect(await sponsor('gifts')).toContain('There is no policy "gifts" here')
    const made = await save('gifts', { definition: definition(), expectedVersion: 0, note: 'for May' })
    expect(made).toMatchObject({
      status: 200,
      body: { id: 'gifts', version: 1, source: 'console', note: 'for May' },
    })
    expect(await sponsor('gifts')).toHaveProperty('paymasterData')
    const archived = await operator.ask('POST', '/policies/gifts/archive', { expectedVersion: 1, note: '' })
    expect(archived).toMatchObject({ status: 200, body: { state: 'archived', version: 2 } })
    expect(await sponsor('gifts')).toContain('There is no policy "gifts" here')
    const back = await operator.ask('POST', '/policies/gifts/rollback', { toVersion: 1, expectedVersion: 2 })
    expect(back).toMatchObject({
      status: 200,
      body: { state: 'inForce', version: 3, note: 'back to version 1' },
    })
    expect(await sponsor('gifts')).toHaveProperty('paymasterData')
  })

  it('stays as it was where a change is malformed, and the field is named', async () => {
    const limits = { costPerOperationWei: 'much', global: { costWei: '1ether' } }
    const refused = await save('gifts', { definition: definition({ limits }), expectedVersion: 3 })
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { code: 'invalidPolicy', field: 'limits.costPerOperationWei' } },
    })
    const { body } = await operator.ask<PolicyDetail>('GET', '/policies/gifts')
    expect(body).toMatchObject({ version: 3, newestVersion: 3, state: 'inForce' })
    expect(await sponsor('gifts')).toHaveProperty('paymasterData')
    const other = await save('gifts', { definition: definition({ id: 'other' }), expectedVersion: 3 })
    expect(other).toMatchObject({ status: 400, body: { error: { field: 'id' } } })
    const second = await save('gifts', { definition: definition({ default: true }), expectedVersion: 3 })
    expect(second).toMatchObject({ status: 400, body: { error: { field: 'default' } } })
  })

  it('takes one of two changes that were made to the same version, and says so to the other', async () => {
    const answers = await Promise.all(
      ['one', 'two', 'three'].map(name =>
        save('gifts', { definition: definition({ name }), expectedVersion: 3 }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    const lost = answers.find(({ status }) => status === 409)
    expect(lost?.body.error.message).toContain('Policy "gifts" is at version 4 by now')
    const won = answers.find(({ status }) => status === 200)
    const { body } = await operator.ask<PolicyDetail>('GET', '/policies/gifts')
    expect(body.definition).toEqual(won?.body.definition)
  })

  it('keeps every version with its author, the newest first', async () => {
    const { body } = await operator.ask<PolicyHistory>('GET', '/policies/gifts/history?limit=3')
    expect(body.items.map(({ version }) => version)).toEqual([4, 3, 2])
    expect(body.items.map(({ isInForce }) => isInForce)).toEqual([true, false, false])
    expect(body.items.map(({ source }) => source)).toEqual(['console', 'rollback', 'archive'])
    const rest = await operator.ask<PolicyHistory>(
      'GET',
      `/policies/gifts/history?limit=3&cursor=${body.nextCursor}`,
    )
    expect(rest.body).toMatchObject({ items: [{ version: 1, note: 'for May' }], nextCursor: null })
    const audit = await (await house.signIn('admin')).ask<{ items: { action: string }[] }>('GET', '/audit')
    expect(audit.body.items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['policy.save', 'policy.archive', 'policy.rollback']),
    )
  })

  it('is changed by operators only, and looked at by viewers', async () => {
    const viewer = await house.signIn('viewer')
    const body = { definition: definition(), expectedVersion: 4 }
    expect((await viewer.ask('PUT', '/policies/gifts', body)).status).toBe(403)
    expect((await viewer.ask('POST', '/policies/gifts/archive', { expectedVersion: 4 })).status).toBe(403)
    expect((await viewer.ask('POST', '/policies/bans/forgive', { sender: chain.token })).status).toBe(403)
    expect((await viewer.ask('GET', '/policies')).status).toBe(200)
    expect((await house.newBrowser().ask('GET', '/policies')).status).toBe(401)
  })

  it('is told what it may hold, and what stands against a draft', async () => {
    const schema = await operator.ask('GET', '/policies/schema')
    expect(schema.body).toMatchObject({ properties: { limits: { properties: { costPerOperationWei: {} } } } })
    const draft = { ...definition(), hours: [{ from: '25:00', to: '10:00' }] }
    const { body } = await operator.ask('POST', '/policies/validate', { definition: draft })
    expect(body).toMatchObject({
      isValid: false,
      problems: [{ field: 'hours[0].from', problem: 'must be a time of the day such as 08:30' }],
    })
    const good = await operator.ask('POST', '/policies/validate', { definition: definition() })
    expect(good.body).toEqual({ isValid: true, problems: [] })
  })

  it('shows what its budgets hold and what it spent', async () => {
    const account = await newAccount(chain)
    const client = viemClient(chain, house.url, account, 'client')
    const operation = await client.prepareUserOperation({
      calls: [transferCall(chain)],
      paymasterContext: { sponsorshipPolicyId: 'gifts' },
      ...gas,
      ...fees,
    } as never)
    const held = await operator.ask<PolicyDetail>('GET', '/policies/gifts')
    expect(BigInt(held.body.budgets[0]?.held ?? 0)).toBeGreaterThan(0n)
    const { costWei } = await landOperation(chain, account, operation)
    await chain.anvil.client.mine({ blocks: 5 })
    await untilSettled(chain, house.url)
    const { body } = await operator.ask<PolicyList>('GET', '/policies')
    const policy = body.items.find(({ id }) => id === 'gifts')
    expect(policy).toMatchObject({
      totals: { spentWei: String(costWei), operations: 1, lossWei: '0' },
      today: { spentWei: String(costWei) },
      idleBecause: null,
    })
    expect(policy?.budgets[0]).toMatchObject({ scope: 'global', window: 'day', used: String(costWei) })
  })
})

describe('a dry run', () => {
  async function dryRun(body: object): Promise<DryRunResult> {
    const { status, body: result } = await operator.ask<DryRunResult>('POST', '/policies/dry-run', body)
    expect(status, JSON.stringify(result)).toBe(200)
    return result
  }

  const outcome = ({ outcomes }: DryRunResult, rule: string) => outcomes.find(one => one.rule === rule)

  async function prepare(policyId: string) {
    const account = await newAccount(chain)
    const client = viemClient(chain, house.url, account, 'client')
    return {
      account,
      operation: (await client.prepareUserOperation({
        calls: [transferCall(chain)],
        paymasterContext: { sponsorshipPolicyId: policyId },
        ...gas,
        ...fees,
      } as never)) as UserOperation<'0.7'>,
    }
  }

  const wire = (operation: object) =>
    Object.fromEntries(
      Object.entries(operation)
        .filter(([, value]) => typeof value === 'bigint' || typeof value === 'string')
        .map(([name, value]) => [name, typeof value === 'bigint' ? numberToHex(value) : value]),
    )

  it('says rule by rule that a pasted operation would be sponsored, and reserves nothing', async () => {
    const { operation } = await prepare('welcome')
    const heldBefore = (await operator.ask<PolicyDetail>('GET', '/policies/gifts')).body.budgets
    const result = await dryRun({ policyId: 'gifts', operation: wire(operation) })
    expect(result).toMatchObject({ sponsored: true, policyId: 'gifts', version: 4, refusal: null })
    for (const rule of ['gas', 'time', 'sender', 'factory', 'calls', 'cost', 'execution', 'budgets']) {
      expect(outcome(result, rule), rule).toMatchObject({ passed: true })
    }
    expect((await operator.ask<PolicyDetail>('GET', '/policies/gifts')).body.budgets).toEqual(heldBefore)
  })

  it('ends the rules at the first that refuses, and marks those after it as not asked', async () => {
    const { operation } = await prepare('welcome')
    const draft = definition({
      contracts: [{ address: chain.token, functions: ['approve(address,uint256)'] }],
    })
    const result = await dryRun({ definition: draft, operation: wire(operation) })
    expect(result).toMatchObject({ sponsored: false, version: null, refusal: { reason: 'callNotAllowed' } })
    expect(outcome(result, 'factory')).toMatchObject({ passed: true })
    expect(outcome(result, 'calls')?.detail).toContain(`0xa9059cbb on ${chain.token}`)
    expect(outcome(result, 'calls')?.passed).toBe(false)
    for (const rule of ['cost', 'arguments', 'execution']) expect(outcome(result, rule)?.passed).toBe(null)
  })

  it('takes a past operation by its hash, also one that has landed', async () => {
    const { account, operation } = await prepare('welcome')
    const { receipt } = await landOperation(chain, account, operation)
    const userOperationHash = receipt.logs.find(
      ({ topics }) =>
        topics.length === 4 &&
        topics[2]?.endsWith(account.address.slice(2).toLowerCase()) &&
        topics[3]?.endsWith(chain.paymaster.slice(2).toLowerCase()),
    )?.topics[1]
    expect(userOperationHash).toBeDefined()
    expect(toPackedUserOperation(operation).sender).toBe(account.address)
    await chain.anvil.client.mine({ blocks: 1 })
    await untilSettled(chain, house.url)
    const ask = () =>
      operator.ask<DryRunResult>('POST', '/policies/dry-run', { policyId: 'gifts', userOperationHash })
    await expect.poll(async () => (await ask()).status).toBe(200)
    const result = (await ask()).body
    expect(outcome(result, 'calls')?.passed).toBe(true)
    expect(outcome(result, 'budgets')).toMatchObject({
      passed: null,
      detail: expect.stringContaining('has landed'),
    })
    const none = await operator.ask<Refused>('POST', '/policies/dry-run', {
      policyId: 'gifts',
      userOperationHash: `0x${'ab'.repeat(32)}`,
    })
    expect(none).toMatchObject({ status: 404, body: { error: { field: 'userOperationHash' } } })
  })

  it('says what is wrong with a pasted operation', async () => {
    const { status, body } = await operator.ask<Refused>('POST', '/policies/dry-run', {
      policyId: 'gifts',
      operation: { sender: '0x12' },
    })
    expect(status).toBe(400)
    expect(body.error).toMatchObject({ field: 'operation.sender' })
  })
})

describe("a sender whose operation failed at the operator's cost", () => {
  it('waits, is listed, and is sponsored again once it is forgiven', async () => {
    const bans = { afterFailures: 1, withinSeconds: 3600, forSeconds: 3600 }
    const contracts = [{ address: chain.token, functions: ['transferFrom(address,address,uint256)'] }]
    const saved = await save('strict', {
      definition: definition({ id: 'strict', bans, contracts }),
      expectedVersion: 0,
    })
    expect(saved.status).toBe(200)
    const account = await newAccount(chain)
    const client = viemClient(chain, house.url, account, 'client')
    const owned = { address: chain.token, abi: computeTokenAbi } as const
    const allow = async (amountWei: bigint) => {
      const approval = { ...owned, functionName: 'approve', args: [account.address, amountWei] } as const
      await chain.client.waitForTransactionReceipt({ hash: await chain.wallet.writeContract(approval) })
    }
    const args = [chain.owner.address, stranger, 1n] as const
    const data = encodeFunctionData({ abi: computeTokenAbi, functionName: 'transferFrom', args })
    const prepare = () =>
      client.prepareUserOperation({
        calls: [{ to: chain.token, data }],
        paymasterContext: { sponsorshipPolicyId: 'strict' },
        ...gas,
        ...fees,
      } as never)

    await chain.mintTokens(chain.owner.address, 10n)
    await allow(5n)
    const operation = await prepare()
    // What was played is not what happens.
    await allow(0n)
    expect((await landOperation(chain, account, operation)).success).toBe(false)
    await allow(5n)
    await chain.anvil.client.mine({ blocks: 5 })
    await untilSettled(chain, house.url)
    await expect(prepare()).rejects.toThrow(/does not sponsor .* until .*: 1 of its operations failed/)
    const list = await operator.ask<SenderBanList>('GET', '/policies/bans')
    expect(list.body.items).toMatchObject([{ policyId: 'strict', sender: account.address, failures: 1 }])
    const detail = await operator.ask<PolicyDetail>('GET', '/policies/strict')
    expect(BigInt(detail.body.totals.lossWei)).toBeGreaterThan(0n)
    const forgiven = await operator.ask('POST', '/policies/bans/forgive', {
      sender: account.address,
      note: 'a slip',
    })
    expect(forgiven).toMatchObject({ status: 200, body: { forgiven: 1 } })
    expect(await prepare()).toHaveProperty('paymasterData')
    expect((await operator.ask<SenderBanList>('GET', '/policies/bans')).body.items).toEqual([])
  })
})
