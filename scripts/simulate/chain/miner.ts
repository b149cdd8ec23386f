// What a miner takes into its block: what it had when it last made its template, the best paying first, each executor's in
// the order of their nonces.
import type { Transaction } from './block.ts'
import type { BranchState } from './branchState.ts'

export function chooseTransactions(options: {
  waiting: Iterable<Transaction>
  state: BranchState
  /** Seconds at which the template was made. */
  templateAt: number
  gasLimit: number
}): readonly Transaction[] {
  const { state, templateAt } = options
  const lanes = new Map<number, Transaction[]>()
  for (const transaction of options.waiting) {
    const { executor, nonce } = transaction
    if (transaction.minersHaveIt > templateAt || nonce < state.executorNonce(executor)) continue
    const lane = lanes.get(executor) ?? []
    lanes.set(executor, lane)
    const rival = lane.findIndex(other => other.nonce === nonce)
    if (rival === -1) lane.push(transaction)
    // A dearer one of the same nonce takes the place of the other.
    else if ((lane[rival]?.tipWei ?? 0n) < transaction.tipWei) lane[rival] = transaction
  }
  const heads: Transaction[] = []
  for (const [executor, lane] of lanes) {
    lane.sort((one, other) => one.nonce - other.nonce)
    if (lane[0]?.nonce === state.executorNonce(executor)) heads.push(lane.shift() as Transaction)
  }
  const chosen: Transaction[] = []
  let gasLeft = options.gasLimit
  while (heads.length > 0) {
    const best = heads.reduce((place, head, index) => (pays(head, heads[place]) ? index : place), 0)
    const [transaction] = heads.splice(best, 1) as [Transaction]
    if (transaction.gasLimit > gasLeft) continue
    gasLeft -= transaction.gasLimit
    chosen.push(transaction)
    const next = lanes.get(transaction.executor)?.shift()
    if (next !== undefined && next.nonce === transaction.nonce + 1) heads.push(next)
  }
  return chosen
}

function pays(one: Transaction, other: Transaction | undefined): boolean {
  if (other === undefined || one.tipWei !== other.tipWei)
    return other === undefined || one.tipWei > other.tipWei
  return one.minersHaveIt < other.minersHaveIt
}
