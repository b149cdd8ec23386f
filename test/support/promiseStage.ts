// What tests of promises stand on: a chain that mines when it is told to, users, and one bundler that leads every window,
// so that it promises whatever it takes. All anew for each test.
import {
  type RpcPromise,
  readPromise,
  type SignedPromise,
} from '@worldland-aa/sdk/actions/promise/signedPromise'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, vi } from 'vitest'
import { startBundler } from './bundler.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { type Crowd, type CrowdOperation, gatherCrowd } from './crowd.ts'
import type { Daemon } from './daemon.ts'
import { anvilKey } from './keys.ts'
import { type RegisteredBundler, registerBundler } from './registeredBundler.ts'
import { resultOf } from './rpc.ts'
import { subfolder, workFolder } from './workFolder.ts'

export type PromiseStage = {
  readonly chain: TestChain
  readonly registered: RegisteredBundler
  /** Logs and data of this test's bundler. */
  readonly folder: string
  /** Over the same data file each time; ended with the test. */
  start(flags?: Readonly<Record<string, string | number>>): Promise<Daemon>
  /** An operation that nobody has seen yet. */
  signed(): Promise<CrowdOperation>
  /** Throws where nothing is promised. */
  send(url: string, operation: CrowdOperation): Promise<SignedPromise>
  stateOf(url: string, operation: CrowdOperation): Promise<string | undefined>
  /** What the bundler has sent: it is as if no miner had ever heard of it. */
  dropPending(): Promise<void>
  /** Until the head is this block. */
  mineTo(block: bigint): Promise<void>
}

/** Call at the top of a test file. */
export function promiseStage(): PromiseStage {
  vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 })
  const root = workFolder()
  let now: { chain: TestChain; crowd: Crowd; registered: RegisteredBundler; folder: string } | undefined
  let bundler: Daemon | undefined

  beforeEach(async () => {
    const chain = await startTestChain()
    const crowd = await gatherCrowd(chain, 3)
    const executors = [1, 2].map(index => privateKeyToAccount(anvilKey(index)))
    const registered = await registerBundler(chain, executors)
    await chain.mineEvery(0)
    now = { chain, crowd, registered, folder: subfolder(root) }
  })
  afterEach(async () => {
    await bundler?.kill()
    bundler = undefined
    await now?.chain.stop()
    now = undefined
  })

  function present() {
    if (now === undefined) throw new Error('The stage is not set')
    return now
  }

  return {
    get chain() {
      return present().chain
    },
    get registered() {
      return present().registered
    },
    get folder() {
      return present().folder
    },
    async start(flags = {}) {
      const { chain, folder, registered } = present()
      const { environment } = registered
      const options = { rpcUrl: chain.rpcUrl, folder, environment }
      bundler = await startBundler({ ...options, flags: { ...registered.flags, ...flags } })
      return bundler
    },
    async signed() {
      const [operation] = await present().crowd.sign(1)
      if (operation === undefined) throw new Error('the crowd signs nothing')
      return operation
    },
    async send(url, { wire }) {
      const { promise } = await resultOf<{ promise?: RpcPromise }>(
        url,
        'worldland_sendUserOperation',
        wire,
        entryPoint07Address,
        { waitMilliseconds: 2_000 },
      )
      if (promise === undefined) throw new Error('nothing was promised')
      return readPromise(promise)
    },
    async stateOf(url, { hash }) {
      return (await resultOf<RpcPromise | null>(url, 'worldland_getInclusionPromise', hash))?.state
    },
    async dropPending() {
      await present().chain.anvil.request({ method: 'anvil_dropAllTransactions' as never })
    },
    async mineTo(block) {
      const { chain } = present()
      const blocks = Number(block - (await chain.client.getBlockNumber({ cacheTime: 0 })))
      if (blocks > 0) await chain.anvil.mine({ blocks })
    },
  }
}
