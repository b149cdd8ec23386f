// How this node stands in the registry, in words and in figures.
import type { Address } from 'viem'
import type { RegistryStatus } from './participationStatus.ts'
import type { RegistryView } from './registry/registry.ts'
import type { Schedule } from './schedule/schedule.ts'

/** What keeps this node from leading or from being paid for it, each with the remedy. */
export function problemsOf(view: {
  readonly registry: Address
  readonly nodeKey: Address | undefined
  readonly hasGuard: boolean
  readonly membership: RegistryView['membership']
}): readonly string[] {
  const { registry, nodeKey, membership } = view
  if (nodeKey === undefined) {
    return [
      'no --node-key-file: this node is nobody in the registry, and bundles only in blocks in which nobody leads',
    ]
  }
  const own = membership.own()
  if (own === undefined) {
    return [
      `the node's key ${nodeKey} is not registered at ${registry}: it bundles only in blocks in which nobody leads, until \`worldland-bundler join\` has registered it`,
    ]
  }
  const { bundlerId, exitBlock, weightWei } = own
  const problems: string[] = []
  if (exitBlock !== 0n) {
    problems.push(`bundler ${bundlerId} has asked to leave: its stake may go from block ${exitBlock} on`)
  } else if (weightWei === 0n) {
    problems.push(
      `bundler ${bundlerId} weighs nothing in this epoch: it leads from the next epoch on whose stakes were counted since it registered, unless its stake has fallen to half of the minimum`,
    )
  }
  const strangers = membership.strangers()
  if (strangers.length > 0) {
    problems.push(
      `not registered as executors of bundler ${bundlerId}, so nobody pays a tip for their bundles: ${strangers.join(', ')} (\`worldland-bundler join\` adds them)`,
    )
  }
  if (!view.hasGuard) {
    problems.push(
      'no --bundle-guard: a bundle that is late may land out of turn, which costs stake, and one operation that another has landed spoils the whole bundle',
    )
  }
  return problems
}

export function registryStatusOf(view: {
  readonly registry: Address
  readonly court: Address | undefined
  readonly membership: RegistryView['membership']
  readonly schedule: Schedule
  readonly head: bigint
  readonly committedOperations: number
}): RegistryStatus {
  const { membership, schedule } = view
  const nextBlock = view.head + 1n
  const own = membership.own()
  const window = own && nextWindowOf(schedule, own.bundlerId, nextBlock)
  return {
    address: view.registry,
    court: view.court ?? null,
    bundler: own
      ? {
          bundlerId: own.bundlerId,
          stakeWei: String(own.stakeWei),
          weightWei: String(own.weightWei),
          strikes: own.strikes,
          exitBlock: own.exitBlock === 0n ? null : Number(own.exitBlock),
        }
      : null,
    bundlers: membership.all().length,
    epoch: Number(nextBlock / BigInt(schedule.terms.epochBlocks)),
    leader: schedule.leaderAt(nextBlock, 0) || null,
    standing: schedule.standingOf(own?.bundlerId ?? 0, nextBlock),
    nextWindow: window ? { firstBlock: Number(window.first), lastBlock: Number(window.last) } : null,
    committedOperations: view.committedOperations,
  }
}

/** The one that it is in counts. */
function nextWindowOf(schedule: Schedule, bundlerId: number, nextBlock: bigint) {
  const { epochBlocks, windowBlocks } = schedule.terms
  for (let rank = 0; rank < (2 * epochBlocks) / windowBlocks; rank++) {
    if (schedule.leaderAt(nextBlock, rank) !== bundlerId) continue
    return schedule.windowOf(nextBlock + BigInt(rank * windowBlocks))
  }
  return undefined
}
