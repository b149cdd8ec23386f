// What each bundler earns and loses by what has settled, to the wei.
import type { Calibration } from './calibration.ts'
import type { Block, Outcome } from './chain/block.ts'
import type { Branch } from './chain/chain.ts'
import type { BundlerNode } from './node/bundlerNode.ts'
import type { Operation } from './operations.ts'
import type { Registry } from './registry/registry.ts'
import type { Scenario } from './scenario.ts'

export type Account = {
  gasWei: bigint
  /** Of that, in transactions that landed nothing. */
  idleGasWei: bigint
  refundWei: bigint
  tipWei: bigint
  strikeWei: bigint
  fineWei: bigint
  /** For reports of others' faults. */
  rewardWei: bigint
  landed: number
  strikes: number
  fines: number
}

export type Ledger = {
  readonly accounts: readonly Account[]
  settled(block: Block, branch: Branch): void
  /** Half of it burnt, half for the reporter, if there is one. Wei that were taken. */
  fine(node: number, wei: bigint, reporter: number | undefined): bigint
}

export function createLedger(options: {
  scenario: Scenario
  nodes: readonly BundlerNode[]
  registry: Registry
}): Ledger {
  const { scenario, nodes, registry } = options
  const { gas, economy } = scenario.calibration
  const accounts = nodes.map(emptyAccount)

  function refundOf(operation: Operation, block: Block): bigint {
    const { maxFeePerGas, maxPriorityFeePerGas } = operation.validated.userOperation
    const price = lesser(maxFeePerGas, block.baseFeeWei + maxPriorityFeePerGas)
    return price * BigInt(paidGas(gas, operation, scenario))
  }

  function book({ transaction, gasUsed, landed }: Outcome, block: Block, isInTurn: boolean): number {
    const account = accounts[transaction.node] as Account
    const gasWei = BigInt(Math.round(gasUsed)) * (block.baseFeeWei + transaction.tipWei)
    account.gasWei += gasWei
    if (landed.length === 0) account.idleGasWei += gasWei
    account.landed += landed.length
    for (const operation of landed) account.refundWei += refundOf(operation, block)
    const noted = scenario.hasTip ? landed.filter(({ isSponsored }) => isSponsored).length : 0
    if (isInTurn) account.tipWei += economy.tipWei * BigInt(noted)
    return noted
  }

  return {
    accounts,
    settled(block, branch) {
      const schedule = registry.scheduleAt(branch, block.height)
      const struck = new Set<number>()
      for (const outcome of block.outcomes) {
        const node = nodes[outcome.transaction.node] as BundlerNode
        const standing = node.id === 0 ? 'none' : schedule.standingOf(node.id, BigInt(block.height))
        const noted = book(outcome, block, node.id !== 0 && standing !== 'none')
        if (noted > 0 && node.id !== 0 && standing === 'none') struck.add(node.place)
      }
      // At most one a block.
      for (const place of scenario.hasStrike ? struck : []) {
        const account = accounts[place] as Account
        account.strikes++
        account.strikeWei += registry.burn(place, economy.strikeWei)
      }
    },
    fine(node, wei, reporter) {
      const taken = registry.burn(node, wei)
      const account = accounts[node] as Account
      account.fines++
      account.fineWei += taken
      const rewarded = reporter === undefined ? undefined : accounts[reporter]
      if (rewarded !== undefined) rewarded.rewardWei += taken / 2n
      return taken
    },
  }
}

/** What the EntryPoint charges an operation for, beside its preVerificationGas: the guard and the note are priced in. */
function paidGas(
  gas: Calibration['gas'],
  { isSponsored }: Operation,
  { hasGuard, hasTip }: Scenario,
): number {
  const shared = (gas.bundle + (hasGuard ? gas.guard : 0)) / gas.expectedBundleOperations
  const note = isSponsored && hasTip ? gas.turnNote : 0
  return Math.round(shared + gas.operation + note + (hasGuard ? gas.guardOperation : 0))
}

export function incomeOf(account: Account): bigint {
  const { refundWei, tipWei, rewardWei, gasWei, strikeWei, fineWei } = account
  return refundWei + tipWei + rewardWei - gasWei - strikeWei - fineWei
}

function emptyAccount(): Account {
  return {
    gasWei: 0n,
    idleGasWei: 0n,
    refundWei: 0n,
    tipWei: 0n,
    strikeWei: 0n,
    fineWei: 0n,
    rewardWei: 0n,
    landed: 0,
    strikes: 0,
    fines: 0,
  }
}

function lesser(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
