import type { Block } from '@worldland-aa/service/chain/block'
import { keccak256 } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import type { Reputation } from '../reputation/reputation.ts'
import { openReputation } from '../testing/openReputation.ts'
import { numberedAddress, sponsoredBy, validatedOperation } from '../testing/validated.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { BundlingLimits } from './limits.ts'
import { bundleOverheadBytes, bundleOverheadGas, createOperationCost } from './operationCost.ts'
import { type SelectionOptions, selectOperations } from './selection.ts'

const costOf = createOperationCost({ version: entryPoint07, fork: 'london' })

const gwei = 10n ** 9n
const paymaster = numberedAddress(900)
const head: Block = {
  number: 5n,
  hash: keccak256('0x05'),
  parentHash: keccak256('0x04'),
  timestamp: 1_000n,
  baseFeePerGas: 7n,
  gasLimit: 30_000_000n,
}
const limits: BundlingLimits = {
  bundleGasLimit: 12_000_000n,
  blockGasSharePercent: 90,
  maxTransactionBytes: 128 * 1024,
  gatherMilliseconds: 0,
  profitMarginPercent: 0,
  maxPerThrottledEntity: 4,
}
let reputation: Reputation

beforeEach(async () => {
  reputation = await openReputation()
})

async function select(
  operations: readonly ValidatedOperation[],
  options: Partial<SelectionOptions> = {},
): Promise<{ chosen: readonly number[]; expired: readonly number[] }> {
  const { chosen, expired } = await selectOperations({
    costOf,
    version: entryPoint07,
    candidates: operations.map(validated => ({ validated, state: 'pending', addedAtBlock: 1n })),
    inFlight: [],
    head,
    horizon: { presentSeconds: 1_000, marginSeconds: 30 },
    leastFees: { maxFeePerGas: gwei, maxPriorityFeePerGas: gwei },
    gasLimit: limits.bundleGasLimit,
    loneGasLimit: limits.bundleGasLimit,
    maxOperations: 1_000,
    limits,
    reputation,
    depositOf: async () => 10n ** 20n,
    ...options,
  })
  const indexOf = (one: ValidatedOperation): number => operations.indexOf(one)
  return { chosen: chosen.map(indexOf), expired: expired.map(([one]) => indexOf(one)) }
}
const operation = (
  account: number,
  fields: object = {},
  known: Partial<ValidatedOperation> = {},
): ValidatedOperation => validatedOperation({ sender: numberedAddress(account), ...fields }, known)
const touching = (account: number): Partial<ValidatedOperation> => ({
  storage: { [numberedAddress(account)]: { reads: ['0x01'], writes: [] } },
})
const several = (count: number): ValidatedOperation[] =>
  Array.from({ length: count }, (_, account) => operation(account))

describe('which operations go together', () => {
  it('all, in the order given, when nothing stands between them', async () => {
    expect(await select(several(5))).toEqual({ chosen: [0, 1, 2, 3, 4], expired: [] })
  })

  it('a large one alone, rather than never', async () => {
    const large = operation(0, { callGasLimit: 20_000_000n })
    expect(await select([operation(1), large])).toMatchObject({ chosen: [0] })
    expect(await select([large, operation(1)], { loneGasLimit: 27_000_000n })).toMatchObject({ chosen: [0] })
    expect(await select([large, operation(1)])).toMatchObject({ chosen: [1] })
  })

  it('passes over however many that no bundle has room for', async () => {
    const tooLarge = several(40).map((_, account) => operation(account, { callGasLimit: 20_000_000n }))
    expect(await select([...tooLarge, operation(99)])).toMatchObject({ chosen: [40] })
  })

  it('as many as the gas allows, also a smaller one after a larger that does not fit', async () => {
    const large = operation(0, { callGasLimit: 5_000_000n })
    const gasLimit = bundleOverheadGas + 2n * costOf(operation(1)).gasLimit
    expect(await select([large, ...several(5).slice(1)], { gasLimit, loneGasLimit: gasLimit })).toMatchObject(
      { chosen: [1, 2] },
    )
  })

  it('as many as a transaction has bytes for', async () => {
    const all = several(5)
    const bytes = costOf(all[0] as ValidatedOperation).bytes
    const maxTransactionBytes = bundleOverheadBytes + 3 * bytes + bytes - 1
    expect(await select(all, { limits: { ...limits, maxTransactionBytes } })).toMatchObject({
      chosen: [0, 1, 2],
    })
  })

  it('no more bytes than ERC-7562 lets a bundle have, whatever the node takes [LIM-040]', async () => {
    const all = several(40).map((_, account) =>
      operation(account, { callData: `0x${'00'.repeat(8_000)}`, callGasLimit: 10_000n }),
    )
    const roomy = { ...limits, maxTransactionBytes: 1_000_000 }
    const { chosen } = await select(all, { limits: roomy, gasLimit: 10n ** 9n })
    expect(chosen).toHaveLength(
      Math.floor((262_144 - bundleOverheadBytes) / costOf(all[0] as ValidatedOperation).bytes),
    )
  })

  it('no more context of paymasters than 65,536 bytes [LIM-050]', async () => {
    const record = { contextBytes: 30_000, phaseGas: {} }
    const all = several(4).map((_, account) =>
      operation(account, sponsoredBy(paymaster), account === 2 ? {} : { accepted: record, current: record }),
    )
    expect(await select(all)).toMatchObject({ chosen: [0, 1, 2] })
  })

  it('none whose paymaster is another’s sender, nor the other way round [STO-040]', async () => {
    const sponsored = operation(1, sponsoredBy(numberedAddress(2)))
    expect(await select([sponsored, operation(2), operation(3)])).toMatchObject({ chosen: [0, 2] })
    expect(await select([operation(2), sponsored, operation(3)])).toMatchObject({ chosen: [0, 2] })
  })

  it('no more than the node could take the last time', async () => {
    expect(await select(several(5), { maxOperations: 2 })).toMatchObject({ chosen: [0, 1] })
  })

  it('one of each sender [BUN-1]', async () => {
    expect(await select([operation(1), operation(1, { nonce: 1n << 64n }), operation(2)])).toMatchObject({
      chosen: [0, 2],
    })
  })

  it('none whose validation touches the storage of another’s sender [STO-041]', async () => {
    expect(await select([operation(1), operation(2, {}, touching(1)), operation(3)])).toMatchObject({
      chosen: [0, 2],
    })
  })

  it('none whose sender’s storage another’s validation touches', async () => {
    expect(await select([operation(1, {}, touching(2)), operation(2), operation(3)])).toMatchObject({
      chosen: [0, 2],
    })
  })

  it('none that conflicts with what is in flight', async () => {
    const inFlight = [operation(1, {}, touching(2)), operation(4)]
    const all = [
      operation(1, { nonce: 9n << 64n }),
      operation(2),
      operation(3, {}, touching(4)),
      operation(5),
    ]
    expect(await select(all, { inFlight })).toMatchObject({ chosen: [3] })
  })

  it('an account that touches its own storage is no conflict', async () => {
    expect(await select([operation(1, {}, touching(1)), operation(2, {}, touching(2))])).toMatchObject({
      chosen: [0, 1],
    })
  })
})

describe('who has to wait', () => {
  it('more than four operations of a throttled entity, those in flight counted [GREP-020]', async () => {
    reputation.set([{ address: paymaster, opsSeen: 200, opsIncluded: 0 }])
    const sponsored = several(5).map((_, account) => operation(account, sponsoredBy(paymaster)))
    const inFlight = [operation(8, sponsoredBy(paymaster))]
    expect(await select([...sponsored, operation(6)], { inFlight })).toMatchObject({ chosen: [0, 1, 2, 5] })
  })

  it('a banned entity [GREP-010]', async () => {
    reputation.crashed(numberedAddress(0))
    expect(await select(several(2))).toMatchObject({ chosen: [1] })
  })

  it('a paymaster’s operations beyond its deposit, those in flight counted [BUN-3]', async () => {
    const sponsored = several(4).map((_, account) => operation(account, sponsoredBy(paymaster)))
    const [first] = sponsored as [ValidatedOperation]
    const depositOf = async () => first.prefundWei * 3n
    const inFlight = [operation(8, sponsoredBy(paymaster))]
    expect(await select(sponsored, { inFlight, depositOf })).toMatchObject({ chosen: [0, 1] })
  })

  it('who is not valid yet', async () => {
    const all = [operation(1, {}, { validAfter: 1_001 }), operation(2, {}, { validAfter: 1_000 })]
    expect(await select(all)).toEqual({ chosen: [1], expired: [] })
  })

  it('who cannot pay what the next block takes', async () => {
    const all = [
      operation(1, { maxFeePerGas: 2n * gwei - 1n }),
      operation(2, { maxFeePerGas: 2n * gwei }),
      operation(3, { maxPriorityFeePerGas: gwei - 1n }),
    ]
    const leastFees = { maxFeePerGas: 2n * gwei, maxPriorityFeePerGas: gwei }
    expect(await select(all, { leastFees })).toMatchObject({ chosen: [1] })
  })
})

describe('who can wait no longer', () => {
  it('is who would expire before a block can be counted on', async () => {
    const all = [operation(1, {}, { validUntil: 1_029 }), operation(2, {}, { validUntil: 1_030 })]
    expect(await select(all)).toEqual({ chosen: [1], expired: [0] })
  })
})

it('an unanswered question for a deposit chooses nobody and ends nobody', async () => {
  const depositOf = async () => {
    throw new Error('the node does not answer')
  }
  await expect(select([operation(1, sponsoredBy(paymaster))], { depositOf })).rejects.toThrow(
    'does not answer',
  )
})
