// The registry as a node knows it, beside the contract itself.
import type { Block } from '@worldland-aa/service/chain/block'
import { createLogger } from '@worldland-aa/service/logger'
import {
  createPublicClient,
  custom,
  type EIP1193RequestFn,
  encodeFunctionData,
  type Hash,
  type Hex,
  type PrivateKeyAccount,
  type PublicClient,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AccountChain, startAccountChain } from '../../testing/accountChain.ts'
import { deployRegistry, type RegistryChain } from '../testing/registryChain.ts'
import { createOperatorAccount } from './operatorAccount.ts'
import { createRegistryView, type RegistryView } from './registry.ts'
import { createRoller } from './roller.ts'

const logger = createLogger({ name: 'test', level: 'silent' })
const ether = 10n ** 18n
let chain: AccountChain
let registry: RegistryChain
let nodeKeys: readonly PrivateKeyAccount[]
let executors: readonly PrivateKeyAccount[]
let view: RegistryView
let head: Block

beforeEach(async () => {
  chain = await startAccountChain({ accounts: 0 })
  registry = await deployRegistry({ client: chain.client, anvil: chain.anvil })
  nodeKeys = Array.from({ length: 4 }, () => privateKeyToAccount(generatePrivateKey()))
  executors = await chain.executors(2)
  view = viewOf(nodeKeys[0] as PrivateKeyAccount)
  await lookAtHead()
})
afterEach(async () => await chain.stop())

function viewOf(nodeKey: PrivateKeyAccount, client = chain.client): RegistryView {
  return createRegistryView({
    client,
    registry: registry.address,
    nodeKey: nodeKey.address,
    executors: executors.map(({ address }) => address),
    head: () => head,
    logger,
  })
}

async function lookAtHead(): Promise<void> {
  const block = await chain.client.getBlock()
  head = { ...block, baseFeePerGas: block.baseFeePerGas ?? 0n }
}

/** The view is told of the head, whatever came between. */
async function follow(removed: readonly Block[] = []): Promise<void> {
  await lookAtHead()
  await view.onChainUpdate({ removed, added: [head], head })
}

/** Answers this function of the newest state, whichever block is asked about: as anvil does of its head while it mines. */
function hastyClient(functionName: string): PublicClient {
  const selector = encodeFunctionData({ abi: registry.abi, functionName })
  const request: EIP1193RequestFn = async ({ method, params }) => {
    const [call] = (params ?? []) as [{ readonly data?: Hex }]
    const isHasty = method === 'eth_call' && call.data?.startsWith(selector) === true
    const asked = { method, params: isHasty ? [call, 'latest'] : params }
    return await chain.client.request(asked as never)
  }
  return createPublicClient({ transport: custom({ request }) })
}

async function waitingHashes(): Promise<readonly Hash[]> {
  const { pending } = await chain.anvil.getTxpoolContent()
  return Object.values(pending).flatMap(byNonce => Object.values(byNonce).map(({ hash }) => hash))
}

async function registerAll(): Promise<void> {
  for (const [index, nodeKey] of nodeKeys.entries())
    await registry.register({
      nodeKey,
      executors: index === 0 ? executors : [],
      stakeWei: 10n * ether * BigInt(index + 1),
      addresses: `/ip4/127.0.0.1/tcp/${4000 + index},/dns4/node/tcp/1`,
    })
}

async function expectAgreement(from: bigint, to: bigint): Promise<void> {
  const blocks = Array.from({ length: Number(to - from) }, (_, index) => from + BigInt(index))
  const ids = [1, 2, 3, 4, 5]
  for (let start = 0; start < blocks.length; start += 32) {
    await Promise.all(
      blocks.slice(start, start + 32).map(async block => {
        for (const rank of [0, 1, 2])
          expect(view.schedule.leaderAt(block, rank)).toBe(await registry.leaderAt(block, rank))
        for (const id of ids) {
          const isInTurn = view.schedule.standingOf(id, block) !== 'none'
          expect([block, id, isInTurn]).toEqual([block, id, await registry.isInTurn(id, block)])
        }
      }),
    )
  }
}

describe('the registry of bundlers', () => {
  it('knows who this node is, whose executors are its own, and where the others are', async () => {
    await view.start()
    expect(view.membership.own()).toBeUndefined()
    expect(view.membership.strangers()).toHaveLength(2)
    await registerAll()
    await chain.mine(16)
    await follow()
    expect(view.membership.own()).toMatchObject({
      bundlerId: 1,
      stakeWei: 10n * ether,
      strikes: 0,
      exitBlock: 0n,
    })
    expect(view.membership.strangers()).toEqual([])
    expect(view.membership.all().map(({ bundlerId, nodeKey }) => [bundlerId, nodeKey])).toEqual(
      nodeKeys.map(({ address }, index) => [index + 1, address]),
    )
    expect(view.membership.bundler(3)?.addresses).toEqual(['/ip4/127.0.0.1/tcp/4002', '/dns4/node/tcp/1'])
    expect(view.terms()).toMatchObject({
      epochBlocks: 256,
      windowBlocks: 4,
      fallbackBlocks: 2,
      graceBlocks: 4,
    })
  })

  it('says the same of every block as the contract: who leads, who stands in, who is in turn', async () => {
    await registerAll()
    await view.start()
    // Nobody has stored the table of epoch 1 in time for its first windows.
    await registry.mineTo(256n + 41n)
    await registry.rollEpoch()
    await follow()
    await registry.mineTo(512n - 20n)
    await registry.rollEpoch()
    await follow()
    await expectAgreement(200n, 3n * 256n + 8n)
  })

  it('is open while nobody is staked, and asks no more about an epoch that nobody can roll', async () => {
    await view.start()
    await registry.mineTo(230n)
    await follow()
    expect(view.due()).toBeUndefined()
    expect(view.schedule.standingOf(1, 260n)).toBe('open')
  })

  it('reads a table anew that a reorg has taken back, and keeps the old one until then', async () => {
    await registerAll()
    await view.start()
    await registry.mineTo(230n)
    await follow()
    expect(view.due()).toBe(1n)
    await registry.rollEpoch()
    await follow()
    expect(view.due()).toBeUndefined()
    const leader = view.schedule.leaderAt(256n, 0)
    expect(leader).not.toBe(0)
    const rolled = head
    await chain.anvil.request({ method: 'anvil_reorg', params: [2, []] } as never)
    await follow([rolled])
    expect(view.due()).toBe(1n)
    expect(view.schedule.leaderAt(256n, 0)).toBe(0)
    await registry.rollEpoch()
    await follow()
    expect(view.schedule.leaderAt(256n, 0)).toBe(leader)
  })

  it('holds what was read last while the node is away', async () => {
    await registerAll()
    await registry.mineTo(230n)
    await registry.rollEpoch()
    await lookAtHead()
    await view.start()
    const leader = view.schedule.leaderAt(300n, 0)
    await registry.mineTo(300n)
    await lookAtHead()
    const gone: Block = { ...head, hash: `0x${'ab'.repeat(32)}`, number: head.number + 64n }
    await view.onChainUpdate({ removed: [], added: [gone], head: gone })
    expect(view.schedule.leaderAt(300n, 0)).toBe(leader)
    expect(view.membership.own()?.bundlerId).toBe(1)
  })

  it('reads a table that a node between two blocks says is stored, and does not have yet', async () => {
    await registerAll()
    view = viewOf(nodeKeys[0] as PrivateKeyAccount, hastyClient('epochToRoll'))
    await view.start()
    await registry.mineTo(230n)
    await lookAtHead()
    await registry.rollEpoch()
    await view.onChainUpdate({ removed: [], added: [head], head })
    expect(view.schedule.leaderAt(256n, 0)).toBe(0)
    await follow()
    expect(view.schedule.leaderAt(256n, 0)).not.toBe(0)
  })

  it('is refused at the start where there is none', async () => {
    registry = { ...registry, address: executors[0]?.address as `0x${string}` }
    await expect(viewOf(nodeKeys[0] as PrivateKeyAccount).start()).rejects.toThrow('there is no contract at')
  })
})

function rollerOf(account: PrivateKeyAccount) {
  return createRoller({
    registry: registry.address,
    operator: createOperatorAccount({
      client: chain.client,
      chainId: 103,
      account,
      fees: () => ({ maxFeePerGas: 10n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n }),
      replacementBumpPercent: 10,
    }),
    logger,
  })
}

describe('rolling epochs', () => {
  it('falls to who leads at once, to the others after a while, and happens once', async () => {
    await registerAll()
    await view.start()
    await registry.mineTo(225n)
    const operators = await chain.executors(2, ether)
    const [first, second] = operators.map(rollerOf)
    if (first === undefined || second === undefined) return expect.unreachable()
    const spent = async (): Promise<number> => {
      const counts = operators.map(({ address }) => chain.client.getTransactionCount({ address }))
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
    }
    for (let block = 0; block < 12; block++) {
      await follow()
      const due = view.due()
      // The first one leads, the second is somebody who does not.
      first.onBlock({ due, head: head.number, ownId: 1, leaderId: 1, bundlerCount: 4 })
      second.onBlock({ due, head: head.number, ownId: 2, leaderId: 1, bundlerCount: 4 })
      await first.settled()
      await second.settled()
      await chain.mine()
    }
    await follow()
    expect(view.due()).toBeUndefined()
    expect(view.schedule.leaderAt(256n, 0)).not.toBe(0)
    expect(await spent()).toBe(1)
  })

  it('is done by another where who leads does not, and sent again where no block takes it', async () => {
    await registerAll()
    await view.start()
    await registry.mineTo(225n)
    const [account] = (await chain.executors(1, ether)) as [PrivateKeyAccount]
    const roller = rollerOf(account)
    let lost = 0
    for (let block = 0; block < 30 && view.schedule.leaderAt(256n, 0) === 0; block++) {
      await follow()
      roller.onBlock({ due: view.due(), head: head.number, ownId: 2, leaderId: 1, bundlerCount: 4 })
      await roller.settled()
      // The first is forgotten by every node.
      const waiting = await waitingHashes()
      if (waiting.length > 0 && lost++ === 0)
        for (const hash of waiting) await chain.anvil.dropTransaction({ hash })
      await chain.mine()
    }
    await follow()
    expect(lost).toBeGreaterThan(0)
    expect(view.schedule.leaderAt(256n, 0)).not.toBe(0)
    expect(await chain.client.getTransactionCount({ address: account.address })).toBe(1)
  })
})
