// ERC-7769 debug_bundler_*: for the official conformance suite and for testing, off unless the operator asks
// for it: whoever reaches them can empty the mempool and forge reputations.
import type { RpcMethod, RpcMethods } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import type { Bundling } from '../../bundling/bundling.ts'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import type { Mempool } from '../../mempool/mempool.ts'
import type { Reputation } from '../../reputation/reputation.ts'
import { parseEntryPoint } from '../parseParameters.ts'
import { invalid, parseAddress } from '../parseUserOperation.ts'
import { parseReputations, wireReputation } from './wireReputation.ts'

export type StakeReader = (address: Address) => Promise<{
  readonly stakeWei: bigint
  readonly unstakeDelaySeconds: number
  readonly isStaked: boolean
}>

export type DebugOptions = {
  readonly mempool: Mempool
  readonly reputation: Reputation
  readonly bundling: Bundling
  readonly stakeOf: StakeReader
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  /** Takes in what the chain has shown since. */
  readonly look: () => Promise<void>
}

const done = accept('ok')

/** The suite waits ten seconds for an answer. */
const patienceMilliseconds = 8_000
const lookEveryMilliseconds = 100

/** Until what was sent is in a block and that block is taken in, or the patience ends. */
async function untilLanded({ mempool, look }: DebugOptions): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds
  await look()
  while (mempool.size().submitted > 0 && performance.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, lookEveryMilliseconds))
    await look()
  }
}

export function debugMethods(options: DebugOptions): RpcMethods {
  const { mempool, reputation, bundling, entryPoint, version } = options

  /** The suite names the entry point last, and leaves it out where the ERC does. */
  const ofEntryPoint =
    (at: number, answer: RpcMethod): RpcMethod =>
    (params, context) => {
      const served = parseEntryPoint(params[at] ?? entryPoint, entryPoint)
      return served.ok ? answer(params, context) : served
    }

  return {
    async debug_bundler_clearState() {
      await mempool.clear()
      reputation.clear()
      return done
    },
    async debug_bundler_clearMempool() {
      await mempool.clear()
      return done
    },
    debug_bundler_clearReputation() {
      reputation.clear()
      return done
    },
    debug_bundler_dumpMempool: ofEntryPoint(0, () =>
      accept(
        mempool.dump().map(operation => formatUserOperationRequest(version.wire.fromOperation(operation))),
      ),
    ),
    // The suite reads the answer as a yes, and its next question as about the block that came of it.
    async debug_bundler_sendBundleNow() {
      await options.look()
      const [hash] = await bundling.sendNow()
      await untilLanded(options)
      return accept(hash ?? 'nothing to send')
    },
    debug_bundler_setBundlingMode([mode]) {
      if (mode !== 'manual' && mode !== 'auto') return invalid('mode', 'is neither', 'give manual or auto')
      bundling.setMode(mode)
      return done
    },
    debug_bundler_setReputation: ofEntryPoint(1, ([entries]) => {
      const parsed = parseReputations(entries)
      if (!parsed.ok) return parsed
      reputation.set(parsed.value)
      return done
    }),
    debug_bundler_dumpReputation: ofEntryPoint(0, () => accept(reputation.dump().map(wireReputation))),
    debug_bundler_getStakeStatus: ofEntryPoint(1, async ([value]) => {
      const address = parseAddress(value)
      if (address === undefined) return invalid('address', 'is malformed', 'give 0x and 40 hex digits')
      // Who asks may have staked it a moment ago.
      await options.look()
      const { stakeWei, unstakeDelaySeconds, isStaked } = await options.stakeOf(address)
      return accept({
        stakeInfo: {
          addr: address,
          stake: stakeWei.toString(),
          unstakeDelaySec: unstakeDelaySeconds.toString(),
        },
        isStaked,
      })
    }),
  }
}
