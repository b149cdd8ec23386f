// What others have signed that they sent: an operation in it is theirs until their turn and its grace are over. Told by
// peers, so nothing is taken in that its signer's turn and signature do not bear out.
import { type Address, type Hash, isAddressEqual } from 'viem'
import type { SignedBundleCommit, Verdict } from '../gossip/messages.ts'
import { type Commitment, lastBlockOf } from '../policy/turnPolicy.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { operationsHashOf, signerOfCommit } from './commitHash.ts'

export type HeardCommits = {
  received(signed: SignedBundleCommit): Verdict
  /** What was taken in before a restart. */
  restore(all: readonly SignedBundleCommit[]): void
  /** The one that may land it last. */
  commitmentTo(operation: Hash): Commitment | undefined
  /** Whether somebody who may have sent it has signed for this transaction, of late. */
  isSignedFor(transactionHash: Hash): boolean
  /** Lets go of what can land no more after `head`. */
  forget(head: bigint): void
  size(): number
}

type Heard = { readonly signed: SignedBundleCommit; isEquivocal: boolean }

const usualMostCommits = 256
/** Of one commit. */
const mostOperations = 1_024
/** Windows that one may be ahead or behind by: blocks come to nodes at different times. */
const nearWindows = 2n
/** Windows after its own for which it is remembered. */
export const heardForWindows = 2n * nearWindows

export function createHeardCommits(options: {
  readonly chainId: number
  /** Undefined while it is not known. */
  readonly court: () => Address | undefined
  readonly schedule: Schedule
  readonly head: () => bigint
  readonly ownId: () => number
  readonly nodeKeyOf: (bundlerId: number) => Address | undefined
  /** Of one bundler in one window. */
  readonly mostCommits?: number
  /** Told of each that is taken in. */
  readonly onTaken: (signed: SignedBundleCommit) => void
  /** Told once of each place that two are signed to. */
  readonly onEquivocation: (one: SignedBundleCommit, other: SignedBundleCommit) => void
}): HeardCommits {
  const { schedule, mostCommits = usualMostCommits } = options
  const commitments = new Map<Hash, Commitment>()
  /** By bundler and window, then by sequence. */
  const heard = new Map<string, Map<number, Heard>>()

  /** Led the window, or may have stood in for who did. */
  function mayHaveSent(bundlerId: number, window: bigint): boolean {
    const { windowBlocks, fallbackBlocks } = schedule.terms
    const first = window * BigInt(windowBlocks)
    const ranks = Math.ceil(windowBlocks / fallbackBlocks)
    const leaders = Array.from({ length: ranks }, (_, rank) => schedule.leaderAt(first, rank))
    return leaders.includes(bundlerId)
  }

  function isNear(window: bigint): boolean {
    const { index } = schedule.windowOf(options.head() + 1n)
    return window >= index - nearWindows && window <= index + nearWindows
  }

  function judge(signed: SignedBundleCommit): Verdict {
    const { commit, operations } = signed
    const { bundlerId, window } = commit
    if (operations.length === 0 || operations.length > mostOperations) return 'reject'
    if (operationsHashOf(operations) !== commit.operationsHash) return 'reject'
    // What is known here of the chain may lag behind what its signer knew.
    if (!isNear(window) || !mayHaveSent(bundlerId, window)) return 'ignore'
    const [nodeKey, court] = [options.nodeKeyOf(bundlerId), options.court()]
    if (nodeKey === undefined || court === undefined) return 'ignore'
    const signer = signerOfCommit(signed, { chainId: options.chainId, court })
    return signer !== undefined && isAddressEqual(signer, nodeKey) ? 'accept' : 'reject'
  }

  function take(signed: SignedBundleCommit): Verdict {
    const { bundlerId, window, sequence } = signed.commit
    const key = `${bundlerId}:${window}`
    const ofWindow = heard.get(key) ?? new Map<number, Heard>()
    heard.set(key, ofWindow)
    const before = ofWindow.get(sequence)
    if (before !== undefined) {
      if (before.isEquivocal || isSame(before.signed, signed)) return 'ignore'
      // Two are the proof, which others shall see; a third adds nothing to it.
      before.isEquivocal = true
      options.onEquivocation(before.signed, signed)
      return 'accept'
    }
    if (ofWindow.size >= mostCommits) return 'ignore'
    ofWindow.set(sequence, { signed, isEquivocal: false })
    if (bundlerId === options.ownId()) return 'accept'
    for (const operation of signed.operations) {
      const known = commitments.get(operation)
      if (known === undefined || known.window < window) commitments.set(operation, { bundlerId, window })
    }
    return 'accept'
  }

  function isHeard({ commit: { bundlerId, window, sequence } }: SignedBundleCommit): boolean {
    return heard.get(`${bundlerId}:${window}`)?.has(sequence) === true
  }

  return {
    received(signed) {
      const verdict = judge(signed)
      if (verdict !== 'accept') return verdict
      const isNew = !isHeard(signed)
      const taken = take(signed)
      if (isNew && taken === 'accept') options.onTaken(signed)
      return taken
    },
    restore(all) {
      for (const signed of all) take(signed)
    },
    commitmentTo: operation => commitments.get(operation),
    isSignedFor: transactionHash =>
      [...heard.values()].some(ofWindow =>
        [...ofWindow.values()].some(({ signed }) => signed.commit.transactionHash === transactionHash),
      ),
    forget(head) {
      for (const [operation, { window }] of commitments)
        if (lastBlockOf(schedule, window) <= head) commitments.delete(operation)
      const { index } = schedule.windowOf(head)
      for (const [key, ofWindow] of heard) {
        const [first] = ofWindow.values()
        if (first === undefined || first.signed.commit.window + heardForWindows < index) heard.delete(key)
      }
    },
    size: () => commitments.size,
  }
}

function isSame({ commit: one }: SignedBundleCommit, { commit: other }: SignedBundleCommit): boolean {
  return one.operationsHash === other.operationsHash && one.transactionHash === other.transactionHash
}
