// Reads parts of the state as of one block. Each reading is of exactly that block or fails: a node that lags or has
// changed its mind answers for no other.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { StateAnswer, StateQuery } from './stateQuery.ts'

export type StateReader = {
  readonly name: 'program' | 'proof'
  /** Slots and accounts that may well be read at every block, only because they were used lately. */
  readonly partsEachBlock: number
  /** Throws when the node does not answer, or not for this block. */
  read(block: BlockReference, query: StateQuery): Promise<StateAnswer>
}
