// Which parts of the state were used lately: the next operations will ask for much of it again.
import { Needs } from './needs.ts'

/** For so many blocks after its last use a part is kept at hand. */
const rememberedBlocks = 16
/** Of slots and accounts together: what one question may bring. */
const most = 4_000

export class RecentReads {
  /** The newest block first. */
  #byBlock: Needs[] = [new Needs()]

  add(needs: Needs): void {
    const newest = this.#byBlock[0]
    if (newest !== undefined && sizeOf(newest) < most) newest.addAll(needs)
  }

  /** Begins a block: what was used in the last ones, the latest uses first where it would be too much. */
  next(): Needs {
    const chosen = new Needs()
    let size = 0
    for (const needs of this.#byBlock) {
      size += sizeOf(needs)
      if (size > most) break
      addLasting(chosen, needs)
    }
    this.#byBlock = [new Needs(), ...this.#byBlock].slice(0, rememberedBlocks)
    return chosen
  }
}

/** Block hashes are of the past: nobody asks for the same one for long. */
function addLasting(to: Needs, needs: Needs): void {
  for (const address of needs.accounts) to.accounts.add(address)
  for (const address of needs.nonces) to.nonces.add(address)
  for (const [address, slots] of needs.slots) for (const slot of slots) to.addSlot(address, slot)
}

function sizeOf({ accounts, slots }: Needs): number {
  return [...slots.values()].reduce((sum, { size }) => sum + size, accounts.size)
}
