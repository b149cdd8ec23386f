// The calls by which a provider answers for a lease, each under a purpose that is the same until it is done.
import type { Call } from '@worldland-aa/sdk/account/call'
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { acceptLease } from '@worldland-aa/sdk/provider/acceptLease'
import { pauseLease } from '@worldland-aa/sdk/provider/pauseLease'
import { pongLease } from '@worldland-aa/sdk/provider/pongLease'
import { readyLease } from '@worldland-aa/sdk/provider/readyLease'
import { resumeLease } from '@worldland-aa/sdk/provider/resumeLease'
import { stopAsProvider } from '@worldland-aa/sdk/provider/stopAsProvider'
import type { Hex } from 'viem'
import type { LeaseMemory } from './leaseMemory.ts'
import type { Act } from './situation.ts'

export type ChainAct = Extract<
  Act,
  { kind: 'accept' | 'ready' | 'pong' | 'pause' | 'resume' | 'stop' | 'settle' }
>

export type Errand = { readonly purpose: string; readonly calls: readonly Call[] }

/** In the purpose of all that is sent for one lease: those that had the number before a reorg are others. */
export function purposeMark(leaseId: bigint, request: LeaseMemory['request']): string {
  return `lease ${leaseId} ${request?.terms.slice(0, 10) ?? ''}`
}

export function errandOf(
  act: ChainAct,
  options: {
    readonly contracts: ComputeContracts
    readonly lease: Lease
    readonly memory: Pick<LeaseMemory, 'pauses' | 'request'>
    /** For `ready`. */
    readonly access?: Hex | undefined
  },
): Errand {
  const { contracts, lease, memory, access = '0x' } = options
  const { leaseId, state, ping } = lease
  const target = { contracts, leaseId }
  const named = purposeMark(leaseId, memory.request)
  switch (act.kind) {
    case 'accept':
      return { purpose: `accept ${named}`, calls: acceptLease.calls(target) }
    case 'ready':
      return { purpose: `ready ${named}`, calls: readyLease.calls({ ...target, access }) }
    case 'pong':
      return { purpose: `pong ${named} ${ping?.deadlineBlock}`, calls: pongLease.calls(target) }
    case 'pause':
      return { purpose: `pause ${named} ${memory.pauses}`, calls: pauseLease.calls(target) }
    case 'resume':
      return { purpose: `resume ${named} ${memory.pauses}`, calls: resumeLease.calls(target) }
    case 'stop':
      return { purpose: `stop ${named}`, calls: stopAsProvider.calls({ ...target, state }) }
    case 'settle':
      return { purpose: `settle ${named}`, calls: stopAsProvider.calls({ ...target, state }) }
  }
}
