// The modelled chain: blocks at random times, now and then two of one height, and the reorg that follows.
import type { Calibration } from '../calibration.ts'
import { drawOf, type Random } from '../random.ts'
import type { Span } from '../scenario.ts'
import type { Block, Transaction } from './block.ts'
import { type BranchState, createBranchState } from './branchState.ts'
import { executeTransaction } from './execution.ts'
import { chooseTransactions } from './miner.ts'

export type Branch = {
  /** Newest last; of a fork, those that the other does not have. */
  readonly blocks: Block[]
  readonly state: BranchState
  tip: Block
}

export type Chain = {
  /** Two while the miners are of two minds. */
  readonly branches: readonly Branch[]
  /** Height before the first simulated block. */
  readonly startHeight: number
  branchOf(node: number): Branch
  /** Salts the hash of the block at that height. */
  saltAt(branch: Branch, height: number): number
  broadcast(transaction: Transaction): void
  /** Transactions that no settled block holds. */
  waiting(): Iterable<Transaction>
  /** Finds the next block; those that no reorg takes back any more, oldest first, are settled. */
  mine(seconds: number): { readonly found: readonly Block[]; readonly settled: readonly Block[] }
}

const forkSubject = 11

export function createChain(options: {
  calibration: Calibration
  seed: number
  random: Random
  startHeight: number
  hasTurnNote: boolean
  reorg: Span | undefined
}): Chain {
  const { calibration, random, startHeight } = options
  const { chain: figures, gas } = calibration
  const base = createBranchState()
  const waiting = new Set<Transaction>()
  /** Settled, by height from `startHeight`. */
  const settledBlocks: Block[] = []
  let found = 0
  let forks = 0
  let depth = 0
  let branches: Branch[] = [{ blocks: [], state: base, tip: genesis() }]

  function genesis(): Block {
    return {
      number: found++,
      height: startHeight,
      branch: 0,
      parent: undefined,
      seconds: 0,
      baseFeeWei: BigInt(figures.leastBaseFeeWei),
      outcomes: [],
      gasUsed: 0,
    }
  }

  function extend(branch: Branch, seconds: number, salt: number): Block {
    const parent = branch.tip
    const height = parent.height + 1
    const refreshes = Math.floor(Math.max(0, seconds - parent.seconds) / figures.recommitSeconds)
    const background = figures.backgroundGasShare * figures.blockGasLimit * 2 * random.next()
    const transactions = chooseTransactions({
      waiting,
      state: branch.state,
      templateAt: parent.seconds + refreshes * figures.recommitSeconds,
      gasLimit: figures.blockGasLimit - background,
    })
    const outcomes = transactions.map(transaction =>
      executeTransaction({
        transaction,
        state: branch.state,
        height,
        gas,
        hasTurnNote: options.hasTurnNote,
      }),
    )
    const gasUsed = outcomes.reduce((sum, outcome) => sum + outcome.gasUsed, background)
    const baseFeeWei = baseFeeAfter(parent, figures)
    const block = { number: found++, height, branch: salt, parent, seconds, baseFeeWei, outcomes, gasUsed }
    branch.tip = block
    return block
  }

  function forkDepth(height: number): number {
    const { reorg } = options
    if (reorg !== undefined && height === startHeight + reorg.atBlock) return reorg.blocks
    if (random.next() >= figures.staleRate) return 0
    const draw = random.next()
    let sum = 0
    for (const [index, share] of figures.reorgDepthShares.entries()) {
      sum += share
      if (draw < sum) return index + 1
    }
    return 1
  }

  function settle(blocks: readonly Block[]): readonly Block[] {
    settledBlocks.push(...blocks)
    for (const transaction of waiting) {
      if (transaction.nonce < base.executorNonce(transaction.executor)) waiting.delete(transaction)
    }
    return blocks
  }

  function splitAt({ tip }: Branch, seconds: number): readonly Block[] {
    forks++
    branches = [0, 1].map(() => ({ blocks: [], state: base.fork(), tip }))
    return branches.map((branch, index) => {
      const block = extend(branch, seconds, 2 * forks + index)
      branch.blocks.push(block)
      return block
    })
  }

  /** The one that is behind, until both are as long as the reorg is deep; then chance decides. */
  function nextOf([one, other]: readonly [Branch, Branch]): Branch {
    if (one.blocks.length === other.blocks.length) return random.next() < 0.5 ? one : other
    return one.blocks.length < other.blocks.length ? one : other
  }

  return {
    get branches() {
      return branches
    },
    startHeight,
    branchOf(node) {
      const [one, other] = branches as [Branch, Branch | undefined]
      return other === undefined || drawOf(options.seed, forkSubject, forks, node) < 0.5 ? one : other
    },
    saltAt(branch, height) {
      const settled = settledBlocks[height - startHeight - 1]
      if (settled !== undefined) return settled.branch
      return branch.blocks.find(block => block.height === height)?.branch ?? 0
    },
    broadcast: transaction => waiting.add(transaction),
    waiting: () => waiting,
    mine(seconds) {
      const [one, other] = branches as [Branch, Branch | undefined]
      if (other === undefined) {
        depth = forkDepth(one.tip.height + 1)
        if (depth > 0) return { found: splitAt(one, seconds), settled: [] }
        const block = extend(one, seconds, 0)
        return { found: [block], settled: settle([block]) }
      }
      const branch = nextOf([one, other])
      const rival = branch === one ? other : one
      const wins = branch.blocks.length === rival.blocks.length && branch.blocks.length >= depth
      const block = extend(branch, seconds, 2 * forks + (branch === one ? 0 : 1))
      branch.blocks.push(block)
      if (!wins) return { found: [block], settled: [] }
      branch.state.settle()
      const { blocks, tip } = branch
      branches = [{ blocks: [], state: base, tip }]
      return { found: [block], settled: settle(blocks) }
    },
  }
}

/** EIP-1559 */
function baseFeeAfter({ baseFeeWei, gasUsed }: Block, figures: Calibration['chain']): bigint {
  const target = BigInt(Math.floor(figures.blockGasLimit / 2))
  const change = (baseFeeWei * (BigInt(Math.floor(gasUsed)) - target)) / target / 8n
  const risen = gasUsed > target && change === 0n ? 1n : change
  const next = baseFeeWei + risen
  const least = BigInt(figures.leastBaseFeeWei)
  return next < least ? least : next
}
