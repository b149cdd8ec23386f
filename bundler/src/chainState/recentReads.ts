// Which parts of the state were used lately: the next operations will ask for much of it again.
import { Needs } from './needs.ts'

/** For so many blocks after its last use a part is kept at hand. */
const rememberedBlocks = 16
/** Of slots and accounts together: what one question brings. A slot takes 2,100 gas of the node's limit for a call. */
const mostAtOnce = 4_000

export class RecentReads {
  readonly #most: number
  /** The newest block first. */
  #byBlock: Needs[] = [new Needs()]
  /** Of the newest block, what was added more than once counted as often. */
  #added = 0

  /** `most`: slots and accounts that are kept at hand. */
  constructor(most: number) {
    this.#most = most
  }

  add(needs: Needs): void {
    if (this.#added > 4 * this.#most) return
    this.#byBlock[0]?.addAll(needs)
    this.#added += needs.size
  }

  /** Begins a block: what was used in the last ones, in one question or several, the latest uses first. */
  next(): readonly Needs[] {
    const seen = new Needs()
    const first = new Needs()
    const questions = [first]
    let size = 0
    const place = (): Needs | undefined => {
      if (size === this.#most) return undefined
      if (size === questions.length * mostAtOnce) questions.push(new Needs())
      size++
      return questions.at(-1)
    }
    for (const needs of this.#byBlock) {
      if (size === this.#most) break
      // Each is a call of its own, and few have one that matters. Block hashes are of the past: nobody asks again.
      for (const address of needs.nonces) first.nonces.add(address)
      for (const address of needs.accounts) {
        if (seen.accounts.has(address)) continue
        seen.accounts.add(address)
        place()?.accounts.add(address)
      }
      for (const [address, slots] of needs.slots) {
        for (const slot of slots) {
          if (seen.slots.get(address)?.has(slot)) continue
          seen.addSlot(address, slot)
          place()?.addSlot(address, slot)
        }
      }
    }
    this.#byBlock = [new Needs(), ...this.#byBlock].slice(0, rememberedBlocks)
    this.#added = 0
    return questions
  }
}
