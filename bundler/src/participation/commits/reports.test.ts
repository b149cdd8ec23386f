// Two commits to one place, brought to the court of a real chain.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@worldland-aa/service/logger'
import { type Address, type Hash, keccak256, parseEther, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBundlerDatabase } from '../../database.ts'
import { type AccountChain, startAccountChain } from '../../testing/accountChain.ts'
import type { SignedBundleCommit } from '../gossip/messages.ts'
import { createOperatorAccount } from '../registry/operatorAccount.ts'
import { deployRegistry, type RegistryChain } from '../testing/registryChain.ts'
import { commitHash, operationsHashOf } from './commitHash.ts'
import { createEquivocationStore } from './equivocationStore.ts'
import { createReports } from './reports.ts'

const logger = createLogger({ name: 'test', level: 'silent' })
const liar = privateKeyToAccount(generatePrivateKey())
const reporter = privateKeyToAccount(generatePrivateKey())
const [one, other] = ['one', 'other'].map(text => keccak256(toHex(text))) as [Hash, Hash]
let chain: AccountChain
let registry: RegistryChain
let court: Address
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'))
  chain = await startAccountChain({ accounts: 0 })
  registry = await deployRegistry({ client: chain.client, anvil: chain.anvil })
  court = (await read('court', [])) as Address
  await chain.anvil.setBalance({ address: reporter.address, value: parseEther('10') })
})
afterEach(async () => {
  await chain.stop()
  rmSync(folder, { recursive: true })
})

const read = (functionName: string, args: readonly unknown[]): Promise<unknown> =>
  chain.client.readContract({ address: registry.address, abi: registry.abi, functionName, args })

async function stakeOf(bundlerId: number): Promise<bigint> {
  return ((await read('bundler', [bundlerId])) as { stakeWei: bigint }).stakeWei
}

async function commitTo(operation: Hash, bundlerId: number): Promise<SignedBundleCommit> {
  const operations = [operation]
  const commit = {
    ...{ bundlerId, window: 1n, sequence: 7 },
    operationsHash: operationsHashOf(operations),
    transactionHash: operation,
  }
  const hash = commitHash(commit, { chainId: 103, court })
  return { commit, operations, signature: await liar.sign({ hash }) }
}

/** The part of a node that reports, over its data file, from here to the end of `blocks` blocks. */
async function reportFor(blocks: number, pair: readonly SignedBundleCommit[] = []): Promise<number> {
  const { database, commits } = await openBundlerDatabase(join(folder, 'node.sqlite'))
  const store = createEquivocationStore({ database, commits })
  const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n }
  const operator = createOperatorAccount({
    ...{ client: chain.client, chainId: 103, account: reporter },
    ...{ fees: () => fees, replacementBumpPercent: 10 },
  })
  const reports = createReports({ client: chain.client, operator, store, logger })
  await store.start()
  const [first, second] = pair
  if (first && second) await store.add(court, first, second, await chain.client.getBlockNumber())
  for (let block = 0; block < blocks; block++) {
    await chain.anvil.mine({ blocks: 1 })
    const head = await chain.client.getBlock()
    reports.onBlock({ ...head, baseFeePerGas: head.baseFeePerGas ?? 0n }, { bundlerId: 8, bundlerCount: 10 })
    await reports.settled()
  }
  const left = store.all().length
  await commits.settled()
  await database.destroy()
  return left
}

it('costs who signed them the fine, half of it to who reports, though that one was restarted in between', async () => {
  const bundlerId = await registry.register({ nodeKey: liar })
  const pair = [await commitTo(one, bundlerId), await commitTo(other, bundlerId)]
  const stakeWei = await stakeOf(bundlerId)
  expect(await reportFor(3, pair)).toBe(1)
  expect(await stakeOf(bundlerId)).toBe(stakeWei)
  expect(await reportFor(10)).toBe(0)
  expect(await stakeOf(bundlerId)).toBe(stakeWei - parseEther('1'))
  expect(await read('rewardOf', [reporter.address])).toBe(parseEther('0.5'))
})

it('are one fine: of a place that was reported already nothing is sent', async () => {
  const bundlerId = await registry.register({ nodeKey: liar })
  const pair = [await commitTo(one, bundlerId), await commitTo(other, bundlerId)]
  expect(await reportFor(13, pair)).toBe(0)
  const sent = await chain.client.getTransactionCount({ address: reporter.address })
  expect(await reportFor(3, [...pair].reverse())).toBe(0)
  expect(await chain.client.getTransactionCount({ address: reporter.address })).toBe(sent)
})
