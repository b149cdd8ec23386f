// The books against a real chain, to the wei: even where all is the house's own, and every drift with what explains it.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { createPublicClient, custom, type Hash, type PublicClient, parseEther, RpcRequestError } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DriftItem, ReconciliationRun } from '../admin/reconciliation/schema.ts'
import { type Browser, type House, startHouse } from '../admin/testing/startHouse.ts'
import { openLedger } from '../ledger/openLedger.ts'
import { landOperation } from '../testing/landOperation.ts'
import { meddleWith } from '../testing/meddleWith.ts'
import {
  depositOf,
  fees,
  fillTank,
  gas,
  newAccount,
  stranger,
  transferCall,
  viemClient,
  welcomePolicy,
} from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { startPaymaster, testLogger, untilSettled } from '../testing/startPaymaster.ts'
import { readContractFacts } from '../treasury/contractFacts.ts'
import { createJournal } from '../treasury/journal.ts'
import { createReconciliation, type Reconciliation } from './reconciliation.ts'

const finalityBlocks = 3
let chain: Chain
const ends: (() => Promise<void>)[] = []

beforeEach(async () => {
  chain = await startChain({ depositWei: parseEther('2') })
})
afterEach(async () => {
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end()
  await chain?.stop()
})

async function operate(url: string, paymasterContext?: object): Promise<bigint> {
  return (await operateAs(url, paymasterContext)).costWei
}

async function operateAs(url: string, paymasterContext?: object) {
  const account = await newAccount(chain)
  if (paymasterContext !== undefined) await fillTank(chain, account.address, parseEther('0.2'))
  await untilSettled(chain, url)
  const client = viemClient(chain, url, account, 'client')
  const operation = await client.prepareUserOperation({
    calls: [transferCall(chain)],
    ...gas,
    ...fees,
    ...(paymasterContext && { paymasterContext }),
  })
  const { costWei, hash, receipt } = await landOperation(chain, account, operation)
  return { costWei, hash, transactionHash: receipt.transactionHash }
}

async function pay(functionName: 'deposit' | 'withdrawDepositTo', wei: bigint): Promise<Hash> {
  const contract = { address: chain.paymaster, abi: computePaymasterAbi } as const
  const hash =
    functionName === 'deposit'
      ? await chain.wallet.writeContract({ ...contract, functionName, value: wei })
      : await chain.wallet.writeContract({ ...contract, functionName, args: [stranger, wei] })
  await chain.client.waitForTransactionReceipt({ hash })
  return hash
}

describe('a running house', () => {
  let house: House
  let admin: Browser

  beforeEach(async () => {
    const policies = join(mkdtempSync(join(tmpdir(), 'policies-')), 'policies.json')
    writeFileSync(policies, JSON.stringify({ policies: [welcomePolicy(chain)] }))
    const money = { treasuryKey: chain.ownerKey, depositMinimumWei: '1', depositTargetWei: '2' }
    house = await startHouse(chain, { policies, finalityBlocks, ...money })
    ends.push(() => house.stop())
    admin = await house.signIn('operator')
  })

  /** Of all that is on the chain by now. */
  async function reconciled(): Promise<ReconciliationRun> {
    await chain.anvil.client.mine({ blocks: finalityBlocks })
    await untilSettled(chain, house.url)
    const { status, body } = await admin.ask<ReconciliationRun>('POST', '/reconciliation/runs')
    expect(status).toBe(200)
    return body
  }
  const itemsOf = async ({ id }: ReconciliationRun) =>
    (await admin.ask<{ items: DriftItem[] }>('GET', `/reconciliation/runs/${id}/items`)).body.items
  /** `/health` answers all who ask within a moment alike. */
  const books = async () =>
    ((await (await fetch(`${house.url}/health`)).json()) as { checks: { books: string } }).checks.books
  it('is even to the wei after sponsored and tank operations, a top-up, a collection and a refill of its own', async () => {
    const base = await reconciled()
    const costsWei = (await operate(house.url)) + (await operate(house.url, { tank: true }))
    await chain.anvil.client.mine({ blocks: finalityBlocks })
    await untilSettled(chain, house.url)
    const owner = await house.signIn('admin')
    for (const [requestId, transaction] of [
      ['top-up-01', { kind: 'topUp', amountWei: '1000000' }],
      ['collect-1', { kind: 'collectFromTanks' }],
      ['refill-01', { kind: 'refillFromRevenue', amountWei: '12345' }],
    ] as const) {
      expect((await owner.ask('POST', '/treasury/execute', { requestId, transaction })).status).toBe(202)
      await untilSettled(chain, house.url)
    }
    const run = await reconciled()
    expect(run).toMatchObject({
      state: 'even',
      itemCount: 0,
      fromBlock: base.toBlock,
      deposit: {
        driftWei: '0',
        unexplainedWei: '0',
        operations: 2,
        operationCostWei: String(costsWei),
        depositedWei: String(1_000_000n + 12_345n),
        actualWei: String(await depositOf(chain)),
      },
      tanks: { driftWei: '0' },
      tokens: { driftWei: '0' },
      ledger: { driftWei: '0', bookedWei: String(costsWei), eventsWei: String(costsWei) },
    })
    await expect.poll(books).toBe(`even at block ${run.toBlock}`)
  })

  it('explains a foreign operation, a deposit and a withdrawal past it to the wei, and keeps telling which', async () => {
    await reconciled()
    const signerKey = generatePrivateKey()
    const hash = await chain.wallet.writeContract({
      address: chain.paymaster,
      abi: computePaymasterAbi,
      functionName: 'setSigner',
      args: [privateKeyToAddress(signerKey), true],
    })
    await chain.client.waitForTransactionReceipt({ hash })
    const other = await startPaymaster(chain, {
      settings: { signerKey },
      policies: { policies: [welcomePolicy(chain)] },
    })
    const foreignWei = await operate(other.url)
    await other.stop()
    const ownWei = await operate(house.url)
    const deposit = await pay('deposit', 777n)
    const withdrawal = await pay('withdrawDepositTo', 555n)
    const run = await reconciled()
    const driftWei = String(777n - 555n - foreignWei)
    expect(run).toMatchObject({
      state: 'explained',
      itemCount: 3,
      deposit: {
        driftWei,
        explainedWei: driftWei,
        unexplainedWei: '0',
        operationCostWei: String(ownWei),
        operations: 1,
      },
      ledger: { driftWei: '0' },
    })
    const items = await itemsOf(run)
    expect(items.find(({ kind }) => kind === 'foreignOperation')).toMatchObject({
      wei: String(-foreignWei),
      says: expect.stringContaining('did not sign for'),
    })
    expect(items.find(({ kind }) => kind === 'depositByOther')).toMatchObject({
      wei: '777',
      transactionHash: deposit,
      account: chain.owner.address,
    })
    expect(items.find(({ kind }) => kind === 'withdrawalByOther')).toMatchObject({
      wei: '-555',
      transactionHash: withdrawal,
      account: stranger,
    })
    await expect
      .poll(books)
      .toBe(
        `the deposit is ${driftWei} wei off what the books say at block ${run.toBlock}, by 3 movements that the console lists`,
      )
    expect(await (await fetch(`${house.url}/metrics`)).text()).toContain(
      'paymaster_drift_coins{part="unexplained"} 0',
    )
    expect((await reconciled()).state).toBe('even')
    const viewer = await house.signIn('viewer')
    expect((await viewer.ask('POST', '/reconciliation/runs')).status).toBe(403)
  })

  it('names each operation that the ledger has at another cost than the chain, or as landed in no block', async () => {
    await reconciled()
    const [wrong, missing] = [await operateAs(house.url), await operateAs(house.url)]
    await chain.anvil.client.mine({ blocks: finalityBlocks })
    await untilSettled(chain, house.url)
    const of = 'where landed_user_operation_hash = ?'
    meddleWith(
      house.config.dataFile,
      `update exposure set actual_cost_wei = ? ${of}`,
      String(wrong.costWei + 7n),
      wrong.hash,
    )
    meddleWith(
      house.config.dataFile,
      `update exposure set landed_user_operation_hash = null ${of}`,
      missing.hash,
    )
    const run = await reconciled()
    expect(run).toMatchObject({
      state: 'explained',
      itemCount: 2,
      deposit: { driftWei: String(7n - missing.costWei), unexplainedWei: '0' },
      ledger: { driftWei: String(7n - missing.costWei), operations: 2 },
    })
    expect(await itemsOf(run)).toMatchObject([
      { kind: 'wrongCost', wei: '7', userOperationHash: wrong.hash, transactionHash: wrong.transactionHash },
      {
        ...{ kind: 'unbookedOperation', wei: String(-missing.costWei), userOperationHash: missing.hash },
        transactionHash: missing.transactionHash,
      },
    ])
  })
})

describe('the comparison', () => {
  /** Over a node that `meddle` may answer for, on books that know of nothing. */
  async function onEmptyBooks(
    meddle: (method: string, params: unknown) => Promise<void> = async () => undefined,
  ): Promise<Reconciliation> {
    const transport = custom({
      async request({ method, params }) {
        await meddle(method, params)
        return await chain.client.request({ method, params } as never)
      },
    })
    const client = createPublicClient({ chain: worldland, transport, cacheTime: 0 }) as PublicClient
    const { entryPoint, paymaster } = chain
    const facts = await readContractFacts({ client: chain.client, entryPoint, paymaster, signers: [] })
    const { database } = await openLedger(':memory:', facts)
    ends.push(() => database.destroy())
    const reconciliation = createReconciliation({
      ...{ client, database, finalityBlocks, logger: testLogger },
      ledger: {
        async position() {
          const { number, hash } = await chain.client.getBlock()
          return { block: { number, hash }, depositWei: 0n, depositHeldWei: 0n }
        },
      },
      journal: createJournal(database),
      place: { entryPoint, paymaster, token: chain.token },
      onSigner: async () => undefined,
      now: () => 1_000,
    })
    ends.push(() => reconciliation.stop())
    return reconciliation
  }
  const mine = (blocks = finalityBlocks) => chain.anvil.client.mine({ blocks })

  it('opens the books with what the events since the contract came to be add up to, to the wei', async () => {
    await pay('deposit', 1_000n)
    await pay('withdrawDepositTo', 300n)
    const service = await startPaymaster(chain, { policies: { policies: [welcomePolicy(chain)] } })
    const costWei = await operate(service.url)
    await service.stop()
    await mine()
    const reconciliation = await onEmptyBooks()
    const run = await reconciliation.reconcile('demand')
    expect(run).toMatchObject({
      state: 'baseline',
      itemCount: 0,
      opening: {
        ...{ kind: 'derived', block: run?.toBlock, operations: 1, operationCostWei: String(costWei) },
        ...{ depositedWei: String(parseEther('2') + 1_000n), withdrawnWei: '300' },
        depositWei: String(await depositOf(chain)),
        drift: { depositWei: '0', tipsWei: '0', tanksWei: '0', tokensWei: '0' },
      },
    })
  })

  it('opens them with what the contracts hold where the node keeps nothing of then, and says so', async () => {
    const head = await chain.client.getBlockNumber({ cacheTime: 0 })
    const reconciliation = await onEmptyBooks(async (method, params) => {
      const [, block] = params as [unknown, Hash | undefined]
      if (method !== 'eth_getCode' || block === undefined || BigInt(block) >= head) return
      throw new RpcRequestError({
        body: { method },
        error: { code: -32_000, message: 'missing trie node' },
        url: chain.anvil.url,
      })
    })
    await mine()
    const depositWei = String(await depositOf(chain))
    const opening = { kind: 'taken', why: 'notKept', depositWei }
    expect(await reconciliation.reconcile('demand')).toMatchObject({ state: 'baseline', opening })
    await mine()
    expect(await reconciliation.reconcile('demand')).toMatchObject({ state: 'even', opening })
  })

  it('takes a reorg while it reads for what it is, and reads again', async () => {
    let asked = 0
    const reconciliation = await onEmptyBooks(async method => {
      // Two are done by then, each by five questions.
      if (method !== 'eth_getLogs' || ++asked !== 11) return
      // Deeper than what is final: the deposit in the middle goes.
      await chain.anvil.client.request({
        method: 'anvil_reorg' as never,
        params: [finalityBlocks + 2, []] as never,
      })
      await mine(2)
    })
    await mine()
    expect(await reconciliation.reconcile('demand')).toMatchObject({ state: 'baseline' })
    await mine()
    expect(await reconciliation.reconcile('demand')).toMatchObject({ state: 'even' })
    await mine(2)
    await pay('deposit', 99n)
    await mine()
    const run = await reconciliation.reconcile('demand')
    expect(asked).toBeGreaterThan(15)
    expect(run?.toBlockHash).toBe(
      (await chain.client.getBlock({ blockNumber: BigInt(run?.toBlock ?? 0) })).hash,
    )
    const keptWei = (await depositOf(chain)) - parseEther('2')
    expect(run?.deposit).toMatchObject({ driftWei: String(keptWei), unexplainedWei: '0' })
  })

  it('goes back to the last block that still stands where a reorg took the one it had reached', async () => {
    const reconciliation = await onEmptyBooks()
    await mine()
    const first = await reconciliation.reconcile('demand')
    await mine(10)
    const second = await reconciliation.reconcile('demand')
    await chain.anvil.client.request({
      method: 'anvil_reorg' as never,
      params: [finalityBlocks + 4, []] as never,
    })
    await mine(4)
    await pay('deposit', 5n)
    await mine()
    const third = await reconciliation.reconcile('demand')
    expect(second?.toBlock).toBe((first?.toBlock ?? 0) + 10)
    expect(third).toMatchObject({ fromBlock: first?.toBlock, state: 'explained', itemCount: 1 })
    expect(third?.deposit).toMatchObject({ driftWei: '5', unexplainedWei: '0' })
  })

  it('asks a node that limits ranges for less at once, and misses nothing', async () => {
    const ranges: bigint[] = []
    const reconciliation = await onEmptyBooks(async (method, params) => {
      if (method !== 'eth_getLogs') return
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: Hash; toBlock: Hash }]
      const blocks = BigInt(toBlock) - BigInt(fromBlock) + 1n
      if (blocks > 7n) {
        throw new RpcRequestError({
          body: { method },
          error: { code: -32_005, message: 'query exceeds max block range 7' },
          url: chain.anvil.url,
        })
      }
      ranges.push(blocks)
    })
    await mine()
    await reconciliation.reconcile('demand')
    for (const wei of [1n, 20n, 300n]) {
      await mine(15)
      await pay('deposit', wei)
    }
    await mine()
    const run = await reconciliation.reconcile('demand')
    expect(run).toMatchObject({ state: 'explained', itemCount: 3, deposit: { driftWei: '321' } })
    expect(Math.max(...ranges.map(Number))).toBeLessThanOrEqual(7)
  })

  it('that fails says why, and does not move on', async () => {
    let isDown = false
    const reconciliation = await onEmptyBooks(async method => {
      if (isDown && method === 'eth_getLogs') throw new Error('the node is gone')
    })
    await mine()
    const first = await reconciliation.reconcile('demand')
    await pay('deposit', 8n)
    await mine()
    isDown = true
    expect(await reconciliation.reconcile('demand')).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('the node is gone'),
    })
    isDown = false
    expect(await reconciliation.reconcile('demand')).toMatchObject({
      fromBlock: first?.toBlock,
      deposit: { driftWei: '8', unexplainedWei: '0' },
    })
  })
})
