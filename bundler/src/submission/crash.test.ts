// A crash at every point where the outside world or the disk is touched, one after the other.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPublicClient, type Hash, http, type PrivateKeyAccount, type PublicClient } from 'viem'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AccountChain, startAccountChain } from '../testing/accountChain.ts'
import { type BundlerCore, startBundlerCore } from '../testing/bundlerCore.ts'

let chain: AccountChain
let executors: readonly PrivateKeyAccount[]
let folder: string

beforeAll(async () => {
  chain = await startAccountChain({ accounts: 6 })
  executors = await chain.executors(2)
  folder = mkdtempSync(join(tmpdir(), 'crash-'))
})
afterAll(async () => {
  await chain.stop()
  rmSync(folder, { recursive: true })
})

type CrashPoint = {
  readonly at: 'broadcast' | 'answer' | 'write'
  /** The how-manieth of them; counted from 1. */
  readonly index: number
}

/** The process as it dies: from the crash point on it gets no answer and writes nothing. */
function mortal(point: CrashPoint) {
  let answers = 0
  let broadcasts = 0
  let writes = 0
  let isDead = false
  let lastHappening: Promise<unknown> = Promise.resolve()
  let die: () => void = () => undefined
  const death = new Promise<'died'>(resolve => {
    die = () => {
      isDead = true
      resolve('died')
    }
  })
  const forever = new Promise<never>(() => undefined)
  const client = createPublicClient({
    chain: chain.client.chain,
    cacheTime: 0,
    // Requests to one address share a batch, also those of the dead: each life has its own.
    transport: http(`${chain.url}/?life=${point.at}-${point.index}`, {
      batch: { wait: 0 },
      retryCount: 0,
      async fetchFn(input, init) {
        const isBroadcast = String(init?.body).includes('eth_sendRawTransaction')
        if (isBroadcast && point.at === 'broadcast' && ++broadcasts === point.index) die()
        if (isDead) return await forever
        const answer = await fetch(input, init)
        if (point.at === 'answer' && ++answers === point.index) die()
        return isDead ? await forever : answer
      },
    }),
  }) as PublicClient
  function writing(): void {
    if (point.at === 'write' && ++writes === point.index) die()
    if (isDead) throw new Error('the process is dead')
  }
  function watchWrites({ database }: BundlerCore): void {
    const begin = database.transaction.bind(database)
    vi.spyOn(database, 'transaction').mockImplementation(() => {
      writing()
      return begin()
    })
    // What is committed together takes the connection for itself.
    const connect = database.connection.bind(database)
    vi.spyOn(database, 'connection').mockImplementation(() => {
      writing()
      return connect()
    })
  }
  /** What befalls the chain in this life; a life that has ended does nothing more to it. */
  async function befall(happening: () => Promise<unknown>): Promise<void> {
    if (isDead) return await forever
    lastHappening = happening()
    await lastHappening
  }
  return { client, death, watchWrites, befall, untilCalm: async () => void (await lastHappening) }
}

/** A life with all that matters in it: additions, bundles, blocks, a reorg. */
async function live(
  core: BundlerCore,
  acknowledged: Hash[],
  befall: (happening: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const mine = (): Promise<void> => befall(() => chain.mine())
  async function add(from: number, to: number): Promise<void> {
    await Promise.all(
      chain.accounts.slice(from, to).map(async account => {
        const answer = await core.mempool.add(await chain.operation(account))
        if (answer.ok) acknowledged.push(answer.value)
      }),
    )
  }
  await add(0, 3)
  await core.bundling.sendNow()
  await add(3, 5)
  await mine()
  await core.look()
  await core.bundling.sendNow()
  await mine()
  await core.look()
  await befall(() => chain.anvil.request({ method: 'anvil_reorg', params: [2, []] } as never))
  await add(5, 6)
  await mine()
  await core.look()
  await core.bundling.sendNow()
  await mine()
  await core.look()
}

async function liveAndDie(point: CrashPoint, path: string): Promise<{ died: boolean; acknowledged: Hash[] }> {
  const { client, death, watchWrites, befall, untilCalm } = mortal(point)
  const acknowledged: Hash[] = []
  let core: BundlerCore | undefined
  let opened: BundlerCore['database'] | undefined
  const onOpen = (database: BundlerCore['database']): void => {
    opened = database
  }
  const life = (async () => {
    core = await startBundlerCore({ client, executors, path, onOpen })
    watchWrites(core)
    await live(core, acknowledged, befall)
    return 'lived'
  })()
  const end = await Promise.race([life.catch(() => 'died'), death])
  await untilCalm()
  await (core === undefined ? opened?.destroy() : core.abandon())
  return { died: end === 'died', acknowledged }
}

async function liveOn(path: string, acknowledged: readonly Hash[]): Promise<void> {
  const core = await startBundlerCore({ client: chain.client, executors, path })
  for (let block = 0; block < 8 && core.mempool.size().pending + core.mempool.size().submitted > 0; block++) {
    await core.bundling.sendNow()
    await chain.mine()
    await core.look()
  }
  for (const hash of acknowledged) {
    expect(await chain.landings(hash)).toHaveLength(1)
    expect(await core.receipts.statusOf(hash)).toMatchObject({ status: 'included' })
  }
  expect(core.mempool.size()).toEqual({ pending: 0, submitted: 0 })
  await core.stop()
}

describe('after a crash', () => {
  it.each([
    ['before a journaled transaction leaves', 'broadcast', 2, 0],
    ['after the node acted and before its answer arrives', 'answer', 20, 0],
    ['before a write reaches the disk', 'write', 8, 0],
    ['before a write reaches the disk, with a reorg while it is down', 'write', 8, 1],
    ['before an answer arrives, with a deeper reorg while it is down', 'answer', 20, 2],
  ] as const)(
    '%s, every acknowledged operation lands exactly once',
    async (_, at, leastDeaths, reorgDepth) => {
      await chain.mine(3)
      let deaths = 0
      for (let index = 1; ; index++) {
        const cleanState = await chain.anvil.snapshot()
        // A snapshot does not outlive its block.
        if (reorgDepth > 0) await chain.mine(reorgDepth)
        const path = join(folder, `${at}-${index}-${reorgDepth}.sqlite`)
        const { died, acknowledged } = await liveAndDie({ at, index }, path)
        if (reorgDepth > 0) {
          await chain.anvil.request({ method: 'anvil_reorg', params: [reorgDepth, []] } as never)
        }
        await liveOn(path, acknowledged).catch(error => {
          throw new Error(`after death at ${at} ${index}`, { cause: error })
        })
        await chain.anvil.revert({ id: cleanState })
        if (!died) break
        deaths++
      }
      expect(deaths).toBeGreaterThanOrEqual(leastDeaths)
    },
    300_000,
  )
})
