// The operations in memory, indexed by everything the stages ask for: hash, lane, sender, entity, fee.
// Holds no policy; every change is O(log n) or better.
import type { Address, Hash } from 'viem'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { effectiveTip, paysBetter } from './effectiveTip.ts'
import { createHeap, type Heap } from './heap.ts'

/** One sender and nonce key: operations that must land in the order of their sequence. */
export type Lane = {
  /** Sorted by sequence. */
  readonly entries: Entry[]
  /** The sequence that the chain expects next, as far as the operations seen tell. */
  nextSequence: bigint
}

export type Entry = {
  validated: ValidatedOperation
  readonly addedAtBlock: bigint
  readonly arrival: number
  /** performance.now() when it came in. */
  readonly arrivedAt: number
  readonly lane: Lane
  readonly sequence: bigint
  /** What its lane expected next when it came with a nonce below that; again so when it leaves. */
  readonly laneBefore?: bigint
  state: 'pending' | 'submitted'
  /** No block takes the transaction that carries it: another may take its place. */
  heldUp: boolean
  transactionHash?: Hash | undefined
  /** On the disk; before that nothing may happen with it. */
  stored: boolean
  /** About to be replaced or evicted, once that is on the disk. */
  leaving: boolean
}

export type NewEntry = Pick<Entry, 'validated' | 'addedAtBlock' | 'arrival' | 'stored'>

export type Pool = {
  readonly size: number
  get(hash: Hash): Entry | undefined
  entries(): Iterable<Entry>
  inFlight(): Iterable<Entry>
  inFlightCount(): number
  insert(entry: NewEntry): Entry
  remove(entry: Entry): void
  /** What is known of it now; its entities may be others, as when somebody else has deployed the account. */
  refresh(entry: Entry, validated: ValidatedOperation): void
  markSubmitted(entry: Entry, transactionHash: Hash): void
  markPending(entry: Entry): void
  laneOf(sender: Address, nonce: bigint): Lane | undefined
  /** Operations sent by this account. */
  ofSender(sender: Address): ReadonlySet<Entry>
  /** Operations that use this factory or paymaster. */
  ofEntity(address: Address): ReadonlySet<Entry>
  /** Wei that this paymaster's operations may cost together. */
  prefundOf(paymaster: Address): bigint
  /** Best paying first, without those that offer less than `least`. */
  candidates(baseFeePerGas: bigint, least?: LeastFees): Iterable<Entry>
  /** Those with a deadline, in block numbers, go before all others, the earliest first, and make room for nobody. */
  prefer(deadlineOf: (hash: Hash) => bigint | undefined): void
  /** The pending operation that pays least, and who would leave in its stead: nothing could land after a gap. */
  worst(): { readonly cheapest: Entry; readonly lastOfLane: Entry } | undefined
}

/** Wei per gas. */
export type LeastFees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

const none: ReadonlySet<Entry> = new Set()
const anyFees: LeastFees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
const keyMask = 64n

export function nonceSequence(nonce: bigint): bigint {
  return BigInt.asUintN(64, nonce)
}

export function createPool(): Pool {
  const byHash = new Map<Hash, Entry>()
  const lanes = new Map<string, Lane>()
  const bySender = new Map<string, Set<Entry>>()
  const byEntity = new Map<string, Set<Entry>>()
  const prefunds = new Map<string, bigint>()
  const inFlight = new Set<Entry>()
  const busySenders = new Map<string, number>()
  let byWorth = worthHeap([])
  let deadlineOf: (hash: Hash) => bigint | undefined = () => undefined

  function laneKey(sender: Address, nonce: bigint): string {
    return `${sender.toLowerCase()}:${nonce >> keyMask}`
  }

  function worthHeap(entries: Iterable<Entry>): Heap<Entry> {
    return createHeap<Entry>(
      (one, other) => paysBetter(other.validated.userOperation, one.validated.userOperation),
      entries,
    )
  }

  function addPrefund(paymaster: Address, wei: bigint): void {
    const key = paymaster.toLowerCase()
    const sum = (prefunds.get(key) ?? 0n) + wei
    if (sum === 0n) prefunds.delete(key)
    else prefunds.set(key, sum)
  }

  function setBusy(sender: string, change: 1 | -1): void {
    const count = (busySenders.get(sender) ?? 0) + change
    if (count === 0) busySenders.delete(sender)
    else busySenders.set(sender, count)
  }

  function rank(entry: Entry): void {
    byWorth.push(entry)
    // Departed entries are skipped when popped; before they outnumber the living they are swept out.
    if (byWorth.size > 2 * byHash.size + 64) byWorth = worthHeap(byHash.values())
  }

  function canLeave(entry: Entry | undefined): entry is Entry {
    return entry?.state === 'pending' && !entry.leaving && byHash.get(hashOf(entry)) === entry
  }

  function isPromised(entry: Entry): boolean {
    return deadlineOf(hashOf(entry)) !== undefined
  }

  function mayLeave(entry: Entry): boolean {
    return canLeave(entry) && !isPromised(entry)
  }

  return {
    get size() {
      return byHash.size
    },
    get: hash => byHash.get(hash),
    entries: () => byHash.values(),
    inFlight: () => inFlight,
    inFlightCount: () => inFlight.size,
    insert(newEntry) {
      const { sender, nonce } = newEntry.validated.userOperation
      const sequence = nonceSequence(nonce)
      const key = laneKey(sender, nonce)
      const lane = lanes.get(key) ?? { entries: [], nextSequence: sequence }
      lanes.set(key, lane)
      const laneBefore = lane.nextSequence
      if (sequence < laneBefore) lane.nextSequence = sequence
      const entry: Entry = {
        ...newEntry,
        ...(sequence < laneBefore && { laneBefore }),
        lane,
        sequence,
        arrivedAt: performance.now(),
        state: 'pending',
        heldUp: false,
        leaving: false,
      }
      const after = lane.entries.findIndex(other => other.sequence > sequence)
      lane.entries.splice(after === -1 ? lane.entries.length : after, 0, entry)
      byHash.set(hashOf(entry), entry)
      addTo(bySender, sender, entry)
      for (const entity of helpersOf(entry)) addTo(byEntity, entity, entry)
      const paymaster = newEntry.validated.entities.paymaster
      if (paymaster !== undefined) addPrefund(paymaster.address, newEntry.validated.prefundWei)
      rank(entry)
      return entry
    },
    remove(entry) {
      if (byHash.get(hashOf(entry)) !== entry) return
      const { sender, nonce } = entry.validated.userOperation
      if (entry.state === 'submitted') setBusy(sender.toLowerCase(), -1)
      inFlight.delete(entry)
      byHash.delete(hashOf(entry))
      const { lane, laneBefore } = entry
      lane.entries.splice(lane.entries.indexOf(entry), 1)
      // Its nonce was used up after all, or waits for one that a reorg took back: the next tells.
      if (laneBefore !== undefined && lane.nextSequence === entry.sequence) lane.nextSequence = laneBefore
      if (lane.entries.length === 0) lanes.delete(laneKey(sender, nonce))
      removeFrom(bySender, sender, entry)
      for (const entity of helpersOf(entry)) removeFrom(byEntity, entity, entry)
      const paymaster = entry.validated.entities.paymaster
      if (paymaster !== undefined) addPrefund(paymaster.address, -entry.validated.prefundWei)
    },
    refresh(entry, validated) {
      for (const entity of helpersOf(entry)) removeFrom(byEntity, entity, entry)
      entry.validated = validated
      for (const entity of helpersOf(entry)) addTo(byEntity, entity, entry)
    },
    markSubmitted(entry, transactionHash) {
      if (entry.state === 'pending') setBusy(entry.validated.userOperation.sender.toLowerCase(), 1)
      entry.state = 'submitted'
      entry.heldUp = false
      entry.transactionHash = transactionHash
      inFlight.add(entry)
    },
    markPending(entry) {
      if (entry.state === 'pending') return
      setBusy(entry.validated.userOperation.sender.toLowerCase(), -1)
      entry.state = 'pending'
      entry.transactionHash = undefined
      inFlight.delete(entry)
      rank(entry)
    },
    laneOf: (sender, nonce) => lanes.get(laneKey(sender, nonce)),
    ofSender: sender => bySender.get(sender.toLowerCase()) ?? none,
    ofEntity: address => byEntity.get(address.toLowerCase()) ?? none,
    prefundOf: paymaster => prefunds.get(paymaster.toLowerCase()) ?? 0n,
    prefer(given) {
      deadlineOf = given
    },
    *candidates(baseFeePerGas, least = anyFees) {
      const heads: Ranked[] = []
      for (const { entries, nextSequence } of lanes.values()) {
        const first = entries.find(isThere)
        // Where an operation in flight was replaced and set free again, its successor goes.
        const entry = entries.findLast(other => other.sequence === first?.sequence && isThere(other))
        // One whose nonce is used up by now goes as well: second validation ends it, and its lane goes on.
        if (entry === undefined || entry.state !== 'pending' || entry.sequence > nextSequence) continue
        // Anyone may fill the mempool with what no block takes: that is passed over before it is ranked.
        const { maxFeePerGas, maxPriorityFeePerGas } = entry.validated.userOperation
        if (maxFeePerGas < least.maxFeePerGas || maxPriorityFeePerGas < least.maxPriorityFeePerGas) continue
        if (busySenders.has(entry.validated.userOperation.sender.toLowerCase())) continue
        const tip = effectiveTip(entry.validated.userOperation, baseFeePerGas)
        heads.push({ entry, tip, deadline: deadlineOf(hashOf(entry)) })
      }
      const best = createHeap(precedes, heads)
      for (let next = best.pop(); next !== undefined; next = best.pop()) yield next.entry
    },
    worst() {
      const promised: Entry[] = []
      let cheapest = byWorth.pop()
      while (cheapest !== undefined && (!canLeave(cheapest) || isPromised(cheapest))) {
        if (canLeave(cheapest)) promised.push(cheapest)
        cheapest = byWorth.pop()
      }
      for (const entry of promised) byWorth.push(entry)
      if (cheapest === undefined) return undefined
      // It stays ranked: whether anyone really leaves is the caller's decision.
      byWorth.push(cheapest)
      return { cheapest, lastOfLane: cheapest.lane.entries.findLast(mayLeave) ?? cheapest }
    },
  }
}

type Ranked = { readonly entry: Entry; readonly tip: bigint; readonly deadline: bigint | undefined }

function precedes(one: Ranked, other: Ranked): boolean {
  if (one.deadline !== other.deadline) {
    if (one.deadline === undefined || other.deadline === undefined) return one.deadline !== undefined
    return one.deadline < other.deadline
  }
  return one.tip > other.tip || (one.tip === other.tip && one.entry.arrival < other.entry.arrival)
}

/** On the disk, and to stay. */
function isThere({ stored, leaving }: Entry): boolean {
  return stored && !leaving
}

export function hashOf(entry: Entry): Hash {
  return entry.validated.userOperationHash
}

/** The entities beside the sender. */
function helpersOf(entry: Entry): Address[] {
  const { factory, paymaster } = entry.validated.entities
  return [factory, paymaster].flatMap(entity => (entity === undefined ? [] : [entity.address]))
}

function addTo(index: Map<string, Set<Entry>>, address: Address, entry: Entry): void {
  const key = address.toLowerCase()
  const set = index.get(key)
  if (set === undefined) index.set(key, new Set([entry]))
  else set.add(entry)
}

function removeFrom(index: Map<string, Set<Entry>>, address: Address, entry: Entry): void {
  const key = address.toLowerCase()
  const set = index.get(key)
  set?.delete(entry)
  if (set?.size === 0) index.delete(key)
}
