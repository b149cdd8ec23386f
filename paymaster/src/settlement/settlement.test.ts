// The ledger follows a real chain: landings, reorgs, restarts, and what never lands.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import { openBeside } from '@worldland-aa/service/testing/openBeside'
import { type Address, encodeAbiParameters, type Hex, keccak256, numberToHex, parseEther } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LedgerSchema } from '../ledger/schema.ts'
import { landOperation } from '../testing/landOperation.ts'
import {
  approveCall,
  fees,
  gas,
  newAccount,
  transferCall,
  viemClient,
  welcomePolicy,
} from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type PaymasterUnderTest, paymasterConfig, startPaymaster } from '../testing/startPaymaster.ts'

const finalityBlocks = 3
let chain: Chain
let service: PaymasterUnderTest
let settings: Record<string, unknown>
let database: Kysely<LedgerSchema>

beforeEach(async () => {
  chain = await startChain()
  settings = { finalityBlocks, dataFile: paymasterConfig(chain).dataFile }
  await start()
  database = openBeside<LedgerSchema>(String(settings.dataFile))
})
afterEach(async () => {
  await service?.stop()
  await database?.destroy()
  await chain?.stop()
})

async function start(): Promise<void> {
  service = await startPaymaster(chain, { settings, policies: { policies: [welcomePolicy(chain)] } })
}

async function sponsored(account: SmartAccount, context: object = {}) {
  const client = viemClient(chain, service.url, account, 'client')
  const calls =
    'token' in context ? [approveCall(chain), transferCall(chain, parseEther('0.5'))] : [transferCall(chain)]
  return await client.prepareUserOperation({ calls, ...gas, ...fees, paymasterContext: context })
}

/** The one exposure, once it is in `state`. */
async function untilExposure(state: string) {
  return await vi.waitFor(
    async () => {
      const exposure = await database.selectFrom('exposure').selectAll().executeTakeFirstOrThrow()
      expect(exposure.state).toBe(state)
      return exposure
    },
    { timeout: 30_000, interval: 50 },
  )
}

/** Its row goes when nothing is held or used of it. */
const unused = { held_wei: '0', held_operations: 0, used_wei: '0' }

async function policyBudget() {
  const known = await database
    .selectFrom('budget')
    .selectAll()
    .where('id', 'like', 'policy/welcome/global/%')
    .executeTakeFirst()
  return known ?? unused
}

const position = () => database.selectFrom('position').selectAll().executeTakeFirstOrThrow()
const reorg = (depth: number) =>
  chain.anvil.client.request({ method: 'anvil_reorg', params: [depth, []] } as never)
const mine = (blocks: number) => chain.anvil.client.mine({ blocks })

describe('settlement', () => {
  it('books what a landing cost once it is final, and holds the most it could cost until then', async () => {
    const account = await newAccount(chain)
    const operation = await sponsored(account)
    expect((await untilExposure('RESERVED')).reserved_wei).toBe((await policyBudget()).held_wei)
    const { costWei, receipt } = await landOperation(chain, account, operation)
    const included = await untilExposure('INCLUDED')
    expect(included).toMatchObject({
      actual_cost_wei: String(costWei),
      landed_block_hash: receipt.blockHash,
      landed_transaction_hash: receipt.transactionHash,
      succeeded: 1,
    })
    expect((await policyBudget()).held_wei).toBe(included.reserved_wei)
    await mine(finalityBlocks)
    await untilExposure('FINAL')
    expect(await policyBudget()).toMatchObject({
      held_wei: '0',
      used_wei: String(costWei),
      used_operations: 1,
    })
    expect((await position()).deposit_held_wei).toBe('0')
  })

  it('books an operation whose execution failed', async () => {
    const account = await newAccount(chain, 1n)
    const operation = await sponsored(account)
    await setTokens(account.address, 0n)
    const { costWei, success } = await landOperation(chain, account, operation)
    expect(success).toBe(false)
    expect(await untilExposure('INCLUDED')).toMatchObject({ actual_cost_wei: String(costWei), succeeded: 0 })
  })

  it('books what a deferred operation failed to pay as a loss', async () => {
    const account = await newAccount(chain)
    const operation = await sponsored(account, { token: chain.token })
    // The tokens it moves leave before it lands: its execution, approval and all, is undone.
    await setTokens(account.address, parseEther('0.4'))
    const { costWei, success } = await landOperation(chain, account, operation)
    expect(success).toBe(false)
    expect(await untilExposure('INCLUDED')).toMatchObject({ loss_wei: String(costWei) })
    await mine(finalityBlocks)
    await untilExposure('FINAL')
    const risk = await database.selectFrom('budget').selectAll().where('id', 'like', 'deferred/%').execute()
    expect(risk.map(budget => budget.used_wei)).toEqual([String(costWei), String(costWei)])
  })

  it('reserves again what a reorg takes back, and follows it to the block where it lands anew', async () => {
    const account = await newAccount(chain)
    const operation = await sponsored(account)
    await landOperation(chain, account, operation)
    const first = await untilExposure('INCLUDED')
    await reorg(1)
    await mine(1)
    await untilExposure('RESERVED')
    expect((await position()).deposit_held_wei).toBe(first.reserved_wei)
    const { receipt } = await landOperation(chain, account, operation)
    expect(await untilExposure('INCLUDED')).toMatchObject({ landed_block_hash: receipt.blockHash })
  })

  it.each([
    ['as far as is remembered', 20],
    ['further than is remembered', 300],
  ])(
    'reserves again what a node lost that was killed, %s, and books it where it lands anew',
    async (_, blocks) => {
      const account = await newAccount(chain)
      await service.stop()
      settings = { ...settings, lagPatienceSeconds: 1 }
      await start()
      const flushed = await chain.anvil.client.snapshot()
      await mine(blocks)
      const operation = await sponsored(account)
      await landOperation(chain, account, operation)
      const first = await untilExposure('INCLUDED')
      await chain.anvil.client.revert({ id: flushed })
      await untilExposure('RESERVED')
      expect((await position()).deposit_held_wei).toBe(first.reserved_wei)
      const { receipt } = await landOperation(chain, account, operation)
      expect(await untilExposure('INCLUDED')).toMatchObject({ landed_block_hash: receipt.blockHash })
    },
  )

  it('releases an operation that never lands only after a final block is past its validity', async () => {
    await sponsored(await newAccount(chain))
    const { valid_until } = await untilExposure('RESERVED')
    await chain.anvil.client.setNextBlockTimestamp({ timestamp: BigInt(valid_until) + 1n })
    await mine(finalityBlocks)
    const head = await chain.client.getBlockNumber({ cacheTime: 0 })
    await expect.poll(async () => (await position()).block_number).toBe(Number(head))
    await untilExposure('RESERVED')
    await mine(1)
    await untilExposure('EXPIRED')
    expect(await policyBudget()).toMatchObject({ held_wei: '0', held_operations: 0, used_wei: '0' })
  })

  it('releases an operation whose nonce another one used, once that is final', async () => {
    const account = await newAccount(chain)
    const operation = await sponsored(account)
    await chain.anvil.client.setBalance({ address: account.address, value: parseEther('1') })
    const { paymaster, paymasterData, ...selfPaid } = operation as unknown as Record<string, unknown>
    expect([paymaster, paymasterData]).not.toContain(undefined)
    await landOperation(chain, account, {
      ...selfPaid,
      paymasterVerificationGasLimit: undefined,
      paymasterPostOpGasLimit: undefined,
    })
    expect(await untilExposure('INCLUDED')).toMatchObject({ landed_user_operation_hash: null })
    await mine(finalityBlocks)
    await untilExposure('EXPIRED')
    expect(await policyBudget()).toMatchObject({ held_wei: '0', used_wei: '0' })
  })
})

describe('after a restart', () => {
  it('books what landed and became final while it was down', async () => {
    const account = await newAccount(chain)
    const operation = await sponsored(account)
    await service.stop()
    const { costWei } = await landOperation(chain, account, operation)
    await mine(2_500)
    await start()
    await untilExposure('FINAL')
    expect((await policyBudget()).used_wei).toBe(String(costWei))
  })

  it('books what has only just landed', async () => {
    const account = await newAccount(chain)
    const operation = await sponsored(account)
    await service.stop()
    await landOperation(chain, account, operation)
    await start()
    await untilExposure('INCLUDED')
  })

  it('undoes what a reorg took back while it was down', async () => {
    const account = await newAccount(chain)
    await landOperation(chain, account, await sponsored(account))
    const { reserved_wei } = await untilExposure('INCLUDED')
    await service.stop()
    await reorg(2)
    await mine(1)
    await start()
    await untilExposure('RESERVED')
    expect((await position()).deposit_held_wei).toBe(reserved_wei)
  })

  it('remembers what is spoken for, whatever moment it was stopped at', async () => {
    await sponsored(await newAccount(chain))
    const before = await position()
    await service.stop()
    await start()
    expect((await position()).deposit_held_wei).toBe(before.deposit_held_wei)
    expect(BigInt(before.deposit_held_wei)).toBeGreaterThan(0n)
  })

  it('refuses the ledger of another chain', async () => {
    await service.stop()
    // Two chains of anvil that begin in the same second begin with the same block.
    await sleep(1_100)
    const other = await startChain()
    try {
      await expect(startPaymaster(other, { settings })).rejects.toThrow(/is the ledger of .* --data-file/)
    } finally {
      await other.stop()
      await start()
    }
  })
})

/** Where the token keeps what `holder` has. */
function balanceSlot(holder: Address): Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [holder, 0n]))
}

async function setTokens(account: Address, tokensWei: bigint): Promise<void> {
  await chain.anvil.client.setStorageAt({
    address: chain.token,
    index: balanceSlot(account),
    value: numberToHex(tokensWei, { size: 32 }),
  })
}
