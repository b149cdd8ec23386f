// The provider's agent takes a new lease up: waits for it, or for the agent to fail.
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { Actor } from '../actor.ts'
import { untilLease } from '../untilLease.ts'
import type { ChapterStage } from './chapter.ts'

export async function untilReady(
  { agent, signal }: ChapterStage,
  actor: Actor,
  leaseId: bigint,
): Promise<Lease> {
  const ready = untilLease(actor, { leaseId, signal, isReached: ({ lease }) => lease.state === 'ready' })
  const { lease } = await Promise.race([ready, agent.failed])
  return lease
}
