// Takes the best paying operations that may go together and fit, and says which can wait no longer.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Refusal } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { PooledOperation } from '../mempool/mempool.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { FeePair } from '../submission/fees.ts'
import { checkExpiry } from '../validation/expiry.ts'
import type { Horizon } from '../validation/horizon.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { refusalOf } from './blame.ts'
import { createCompany } from './company.ts'
import type { BundlingLimits } from './limits.ts'
import { bundleOverheadBytes, bundleOverheadGas, type CostOf } from './operationCost.ts'

export type SelectionOptions = {
  readonly costOf: CostOf
  readonly version: Pick<EntryPointVersion, 'validAfterIsExclusive'>
  /** Best paying first. */
  readonly candidates: Iterable<PooledOperation>
  /** What rides in other transactions. */
  readonly inFlight: Iterable<ValidatedOperation>
  readonly head: Block
  /** What an operation must outlast to be sent. */
  readonly horizon: Horizon
  /** What an operation must offer at least to be worth a place. */
  readonly leastFees: FeePair
  /** Gas that the bundle may ask for; what is larger than that, up to `loneGasLimit`, goes alone. */
  readonly gasLimit: bigint
  readonly loneGasLimit: bigint
  readonly maxOperations: number
  readonly limits: BundlingLimits
  readonly reputation: Reputation
  /** Throws when the node does not answer. */
  readonly depositOf: (paymaster: Address) => Promise<bigint>
}

export type Selection = {
  readonly chosen: readonly ValidatedOperation[]
  /** Expired, or about to. */
  readonly expired: readonly (readonly [ValidatedOperation, Refusal])[]
  /** Their paymaster took away the deposit that they came in with. */
  readonly uncovered: readonly (readonly [ValidatedOperation, Refusal])[]
}

/** ERC-7562 MAX_BUNDLE_SIZE; what a node takes as one transaction is mostly less. */
const maxBundleBytes = 262_144
/** ERC-7562 MAX_BUNDLE_CONTEXT_SIZE */
const maxBundleContextBytes = 65_536

/** The EntryPoint's words. */
const depositTooLow = 'AA31 paymaster deposit too low'

/** So many that did not fit beside the others are passed over in the hope of a smaller one. */
const patience = 20

export async function selectOperations(options: SelectionOptions): Promise<Selection> {
  const { head, limits, leastFees, reputation } = options
  const company = createCompany(options.inFlight)
  const chosen: ValidatedOperation[] = []
  const expired: (readonly [ValidatedOperation, Refusal])[] = []
  const uncovered: (readonly [ValidatedOperation, Refusal])[] = []
  let gasLeft = options.gasLimit - bundleOverheadGas
  // ERC-7562 [LIM-040]
  const mostBytes = Math.min(limits.maxTransactionBytes, maxBundleBytes) - bundleOverheadBytes
  let bytesLeft = mostBytes
  let contextBytesLeft = maxBundleContextBytes
  let misfits = 0

  function canPay({ userOperation }: ValidatedOperation): boolean {
    const { maxFeePerGas, maxPriorityFeePerGas } = userOperation
    return maxFeePerGas >= leastFees.maxFeePerGas && maxPriorityFeePerGas >= leastFees.maxPriorityFeePerGas
  }

  /** ERC-7562 [GREP-010], [GREP-020] */
  function isHeldBack({ entities, mempools }: ValidatedOperation): boolean {
    const record = reputation.within(mempools)
    return Object.values(entities).some(({ address }) => {
      const status = record.statusOf(address)
      if (status === 'banned') return true
      return status === 'throttled' && company.countOf(address) >= limits.maxPerThrottledEntity
    })
  }

  /** What is not covered even alone will not be by waiting. */
  async function isCovered(validated: ValidatedOperation): Promise<boolean> {
    const { entities, prefundWei } = validated
    if (entities.paymaster === undefined) return true
    const { address } = entities.paymaster
    const depositWei = await options.depositOf(address)
    if (prefundWei > depositWei) uncovered.push([validated, refusalOf(depositTooLow, validated)])
    return company.prefundOf(address) + prefundWei <= depositWei
  }

  for (const { validated } of options.candidates) {
    if (chosen.length >= options.maxOperations || misfits > patience) break
    if (isEarly(validated, head, options.version)) continue
    const refusal = checkExpiry(validated, head, options.horizon)
    if (refusal !== undefined) {
      expired.push([validated, refusal])
      continue
    }
    if (!canPay(validated) || isHeldBack(validated) || company.conflicts(validated)) continue
    const { gasLimit, bytes } = options.costOf(validated)
    // No bundle has room for it now, as when the executor could not pay: many such must not hold up the others.
    if (gasLimit + bundleOverheadGas > options.loneGasLimit || bytes > mostBytes) continue
    const isAlone = chosen.length === 0
    // ERC-7562 [LIM-050]
    const contextBytes = validated.current?.contextBytes ?? 0
    if ((gasLimit > gasLeft && !isAlone) || bytes > bytesLeft || contextBytes > contextBytesLeft) {
      misfits++
      continue
    }
    if (!(await isCovered(validated))) continue
    company.add(validated)
    chosen.push(validated)
    gasLeft -= gasLimit
    bytesLeft -= bytes
    contextBytesLeft -= contextBytes
  }
  return { chosen, expired, uncovered }
}

/** By the time of the last block, on whose state the bundle is simulated. */
function isEarly(
  { validAfter, validBlocks }: ValidatedOperation,
  { timestamp, number }: Block,
  { validAfterIsExclusive }: SelectionOptions['version'],
): boolean {
  if (validBlocks !== undefined && BigInt(validBlocks.after) > number) return true
  return validAfterIsExclusive && validAfter > 0
    ? BigInt(validAfter) >= timestamp
    : BigInt(validAfter) > timestamp
}
