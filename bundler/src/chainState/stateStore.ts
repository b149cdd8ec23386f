// The state of the newest blocks as far as anyone asked for it, filled by as few questions as can be: what several ask
// for at once goes to the node together, and a new block begins with what was used lately, read again at that block.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Hash } from 'viem'
import { BlockState } from './blockState.ts'
import { CodeStore } from './codeStore.ts'
import { Needs } from './needs.ts'
import { RecentReads } from './recentReads.ts'
import { isEmptyQuery } from './stateQuery.ts'
import type { StateReader } from './stateReader.ts'

type Entry = {
  readonly state: BlockState
  /** What was asked for while a question was under way. */
  waiting: Needs
  /** Settles when what waits now is known. */
  next: Promise<void> | undefined
  running: Promise<void>
}

export type HeldState = {
  readonly state: BlockState
  /** Makes all of `needs` known in `state`. Throws when the node does not answer. */
  know(needs: Needs): Promise<void>
}

/** A verdict at an older block may still be under way, and others at it begin, when the next block comes. */
const rememberedBlocks = 3
/** Slots of one block, some 30 MiB: beyond them, what is known of it is forgotten and asked for again. */
const maxSlotsPerBlock = 200_000

export class StateStore {
  readonly codes = new CodeStore()
  readonly #reader: StateReader
  readonly #recent: RecentReads
  readonly #entries = new Map<Hash, Entry>()

  constructor(reader: StateReader) {
    this.#reader = reader
    this.#recent = new RecentReads(reader.partsEachBlock)
  }

  /** The block's state for a piece of work: it stays that of the work, though others no longer find it here. */
  hold(block: Block): HeldState {
    const entry = this.#entryAt(block)
    return {
      state: entry.state,
      know: async needs => {
        // Whoever lacks nothing does not wait for what others ask.
        if (!isEmptyQuery(needs.missingIn(entry.state, true))) await this.#ask(entry, needs)
      },
    }
  }

  /** Begins a block with what was used lately. Throws when the node does not answer. */
  async warm(block: Block): Promise<void> {
    const [latest = new Needs(), ...earlier] = this.#recent.next()
    const entry = this.#entryAt(block)
    await this.#ask(entry, latest)
    // Nobody who asks for something else waits for these.
    for (const needs of earlier) await this.#fill(entry.state, needs)
  }

  /** Reads everything about the block anew for the work that begins from now on. */
  forget(block: Block): void {
    this.#entries.delete(block.hash)
  }

  /** Tells that it was read, so that it will be at hand at the next block. */
  used(needs: Needs): void {
    this.#recent.add(needs)
  }

  #entryAt(block: Block): Entry {
    const known = this.#entries.get(block.hash)
    if (known !== undefined && known.state.slotCount <= maxSlotsPerBlock) return known
    const state = new BlockState(block, this.codes)
    const entry: Entry = { state, waiting: new Needs(), next: undefined, running: Promise.resolve() }
    this.#entries.set(block.hash, entry)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size > rememberedBlocks) this.#entries.delete(oldest)
    }
    return entry
  }

  /** One question at a time: whoever comes meanwhile shares the next. */
  #ask(entry: Entry, needs: Needs): Promise<void> {
    entry.waiting.addAll(needs)
    entry.next ??= entry.running.then(async () => {
      // Whoever asks in the same turn of the event loop is in time.
      await new Promise(resolve => setImmediate(resolve))
      const asked = entry.waiting
      entry.waiting = new Needs()
      entry.next = undefined
      const answered = this.#fill(entry.state, asked)
      entry.running = answered.catch(() => undefined)
      await answered
    })
    return entry.next
  }

  async #fill(state: BlockState, needs: Needs): Promise<void> {
    // Hashes first: most accounts share their code with others.
    for (const withCode of [false, true]) {
      const query = needs.missingIn(state, withCode)
      if (isEmptyQuery(query)) return
      state.learn(query, await this.#reader.read(state.block, query))
    }
  }
}
