import { beforeAll, describe, expect, it } from 'vitest'
import { type Calibration, ownCalibration, readCalibration } from './calibration.ts'
import type { Figures, GroupFigures } from './figures/figures.ts'
import { type Behaviour, everybodyHonest, type Misbehaviour, type Scenario } from './scenario.ts'
import { simulate } from './simulation.ts'

let calibration: Calibration
beforeAll(() => {
  const read = readCalibration(ownCalibration)
  if (!read.ok) throw new Error(read.refusal.message)
  calibration = read.value
})

function run(
  counts: Partial<Record<Misbehaviour, number>>,
  changes: Partial<Scenario> = {},
): Promise<Figures> {
  return simulate({
    bundlers: 20,
    blocks: 600,
    seed: 7,
    counts: { ...everybodyHonest, ...counts },
    lagBlocks: 3,
    hasGuard: true,
    hasTip: true,
    hasStrike: true,
    hasPromises: true,
    hasOutbidding: true,
    isOpen: false,
    partition: undefined,
    reorg: undefined,
    rollDelayBlocks: 1,
    mempool: 'pool',
    calibration,
    ...changes,
  })
}

function groupOf({ groups }: Figures, behaviour: Behaviour): GroupFigures {
  const group = groups.find(one => one.behaviour === behaviour)
  if (group === undefined) throw new Error(`nobody is ${behaviour}`)
  return group
}

/** What holds whatever happens. */
function expectNothingLost({ operations, honest }: Figures): void {
  expect(operations.accepted).toBeGreaterThan(0)
  expect(operations).toMatchObject({ landed: operations.accepted, lost: 0, landedTwice: 0 })
  expect(honest.fines).toBe(0)
}

describe('honest bundlers', () => {
  it.each([3, 10, 100, 1_000])(
    'waste less than a fiftieth of their gas, and land within 6 mean blocks, %i of them',
    async bundlers => {
      const figures = await run({}, { bundlers })
      expectNothingLost(figures)
      expect(figures.gas.wastedPercent).toBeLessThan(2)
      expect(figures.inclusionMeanBlocks).toBeLessThanOrEqual(6)
      expect(figures.honest.strikes).toBe(0)
      expect(figures.promises.broken).toBe(0)
    },
  )

  it('land the same with the whole mempool and its database as with its pool alone', async () => {
    const [pool, full] = await Promise.all(
      (['pool', 'full'] as const).map(mempool => run({ dying: 1 }, { bundlers: 5, blocks: 120, mempool })),
    )
    expect(full).toEqual(pool)
  })

  it('are never fined or struck in 10,000 windows', async () => {
    const slow = { ...calibration, operations: { ...calibration.operations, perSecond: 0.02 } }
    const figures = await run({}, { bundlers: 50, blocks: 40_100, calibration: slow })
    expect(figures.windows.led).toBeGreaterThanOrEqual(10_000)
    expect(figures.honest).toEqual({ strikes: 0, fines: 0 })
    expectNothingLost(figures)
  })

  it('give the same figures for the same seed, and others for another', async () => {
    const [one, same, other] = await Promise.all([7, 7, 8].map(seed => run({ dying: 2 }, { seed })))
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
  })
})

describe('what befalls them', () => {
  it('fines nobody honest where what comes before an operation is kept by another', async () => {
    const { honest, promises } = await run({ withholding: 1 }, { bundlers: 3, blocks: 600, seed: 3 })
    expect(promises.broken).toBeGreaterThan(0)
    expect(honest.fines).toBe(0)
  })

  it('costs less than 5 % of the gas when a tenth die in each window that they lead', async () => {
    const figures = await run({ dying: 10 }, { bundlers: 100 })
    expectNothingLost(figures)
    expect(figures.gas.wastedPercent).toBeLessThan(5)
    expect(figures.inclusionMeanBlocks).toBeLessThanOrEqual(6)
  })

  it.each<[string, Partial<Record<Misbehaviour, number>>, Partial<Scenario>]>([
    ['four in ten are away', { offline: 8 }, {}],
    ['they hear only their own half for a while', {}, { partition: { atBlock: 200, blocks: 100 } }],
    ['a reorg of 40 blocks takes the seed of an epoch', {}, { reorg: { atBlock: 180, blocks: 40 } }],
    ['nobody rolls an epoch until it has begun', {}, { rollDelayBlocks: 60 }],
    ['a few see the chain three blocks late', { lagging: 4 }, {}],
    ['a few sign two commits for each bundle', { equivocating: 2 }, {}],
    ['a few promise and keep what they are given', { withholding: 2 }, {}],
    ['one sends whatever it knows', { greedy: 1 }, {}],
  ])('loses no operation, lands none twice and fines nobody honest when %s', async (_, counts, changes) => {
    expectNothingLost(await run(counts, changes))
  })
})

describe('who misbehaves', () => {
  it('earns no more by greed than its honest share', async () => {
    const honest = await run({}, { bundlers: 50 })
    const figures = await run({ greedy: 1 }, { bundlers: 50 })
    expect(groupOf(figures, 'greedy').landedPercent).toBeGreaterThan(2)
    expect(groupOf(figures, 'greedy').incomeGwei).toBeLessThan(groupOf(honest, 'honest').incomeGwei)
  })

  it('earns by greed where nothing is struck off its stake, and nobody outbids it', async () => {
    const honest = await run({}, { bundlers: 50 })
    const figures = await run({ greedy: 1 }, { bundlers: 50, hasStrike: false, hasOutbidding: false })
    expect(groupOf(figures, 'greedy').incomeGwei).toBeGreaterThan(groupOf(honest, 'honest').incomeGwei)
  })

  it.each(['sly', 'outsider'] as const)(
    'earns no more than an honest share where no strike reaches it, for leaders offer what it would: %s',
    async behaviour => {
      const honest = await run({}, { bundlers: 50 })
      const figures = await run({ [behaviour]: 1 }, { bundlers: 50 })
      expectNothingLost(figures)
      expect(groupOf(figures, behaviour).landedPercent).toBeGreaterThan(2)
      const share = groupOf(honest, 'honest').incomeGwei
      expect(groupOf(figures, behaviour).incomeGwei).toBeLessThan(share)
      expect(groupOf(figures, 'honest').incomeGwei).toBeGreaterThan(0)
      const meek = await run({ [behaviour]: 1 }, { bundlers: 50, hasOutbidding: false })
      expect(groupOf(meek, behaviour).incomeGwei).toBeGreaterThan(share)
    },
  )

  it('is fined for each pair of commits that somebody honest holds', async () => {
    const { equivocations, groups, honest } = await run({ equivocating: 2 })
    expect(equivocations.signed).toBeGreaterThan(10)
    expect(equivocations).toMatchObject({ provable: equivocations.signed, fined: equivocations.signed })
    expect(groups.find(({ behaviour }) => behaviour === 'equivocating')?.fines).toBe(equivocations.signed)
    expect(honest.fines).toBe(0)
  })

  it('is fined for each promise that nothing had kept when the court concluded', async () => {
    const figures = await run({ withholding: 4 })
    expect(figures.promises.broken).toBeGreaterThan(0)
    expect(groupOf(figures, 'withholding').fines).toBe(figures.promises.broken)
    expect(figures.honest.fines).toBe(0)
  })
})
