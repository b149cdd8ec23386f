// Time as proof of work has it: the last block may be a minute old, or a development chain ahead of every clock.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createProgramReader } from '../chainState/programReader.ts'
import { londonEvm } from '../chains/evmLevel.ts'
import { createEngine } from '../execution/engine.ts'
import { createJudge } from './judge.ts'
import { defaultStakeMinimums, defaultValidationLimits } from './limits.ts'
import { accountAnswering, accountCode, paymasterAnswering, validationDataWord } from './testing/assemble.ts'
import { testOperation } from './testing/operation.ts'
import { startTestChain, type TestChain } from './testing/testChain.ts'
import { startValidation, type ValidationHarness } from './testing/validationHarness.ts'
import { createLocalTracer } from './tracers/local.ts'

let chain: TestChain
let harness: ValidationHarness
let head: number
/** Seconds since the Unix epoch. */
let clock: number

beforeAll(async () => {
  chain = await startTestChain()
  harness = await startValidation(chain, { now: () => clock * 1000 })
})
afterAll(async () => await chain.stop())
beforeEach(async () => {
  head = Number((await chain.head()).timestamp)
  clock = head
})

async function accountOf(period: { after?: number; until?: number }) {
  return testOperation({ sender: await chain.place(accountAnswering(validationDataWord(period))) })
}
async function sponsoredFor(period: { after?: number; until?: number }) {
  const paymaster = await chain.place(paymasterAnswering(validationDataWord(period)))
  return testOperation({ sender: await chain.place(accountCode('')), paymaster })
}

describe('the end of an operation', () => {
  it('is held against the clock where the last block is long past, and the refusal says what would do', async () => {
    clock = head + 50
    expect(await harness.refusal(await accountOf({ until: head + 119 }))).toMatchObject({
      code: -32503,
      message: `expires too soon: valid until ${head + 119}`,
      data: {
        entity: 'account',
        validUntil: head + 119,
        hint: expect.stringContaining(`until ${head + 120}`),
      },
    })
    expect(await harness.accepted(await accountOf({ until: head + 120 }))).toMatchObject({
      endedBy: 'sender',
    })
  })

  it('is held against the head of a chain that is ahead of the clock', async () => {
    clock = head - 3_600
    expect(await harness.refusal(await accountOf({ until: head + 69 }))).toMatchObject({ code: -32503 })
    await harness.accepted(await accountOf({ until: head + 70 }))
  })

  it('is the paymaster’s where it signed for less', async () => {
    expect(await harness.refusal(await sponsoredFor({ until: head + 60 }))).toMatchObject({
      code: -32503,
      data: { entity: 'paymaster' },
    })
    expect(await harness.accepted(await sponsoredFor({ until: head + 90 }))).toMatchObject({
      endedBy: 'paymaster',
    })
  })

  it('is looked at with a shorter margin when it is sent, so that what was just accepted is not turned away', async () => {
    const validated = await harness.accepted(await accountOf({ until: head + 70 }))
    clock = head + 10
    expect(await harness.validation.revalidate(validated)).toMatchObject({ ok: true })
    clock = head + 11
    expect(await harness.validation.revalidate(validated)).toMatchObject({ refusal: { code: -32503 } })
  })
})

describe('an operation that begins later', () => {
  it('is let in to wait if that is a moment, and refused beyond', async () => {
    expect(await harness.accepted(await accountOf({ after: head + 70 }))).toMatchObject({
      validAfter: head + 70,
    })
    expect(await harness.accepted(await sponsoredFor({ after: head + 30 }))).toMatchObject({
      validAfter: head + 30,
    })
    expect(await harness.refusal(await accountOf({ after: head + 71 }))).toMatchObject({
      code: -32503,
      message: expect.stringMatching(/^AA22/),
      data: { validAfter: head + 71 },
    })
  })

  it('is let in when it has begun since the last block', async () => {
    clock = head + 45
    await harness.accepted(await accountOf({ after: head + 40, until: head + 300 }))
  })

  it('is judged so by the EVM of this process as by the node', async () => {
    const reader = createProgramReader(chain.client)
    const engine = createEngine({ reader, chainId: 103, evm: londonEvm, stepLimit: 1_000_000 })
    const judge = createJudge({
      chainId: 103,
      entryPoint: chain.entryPoint,
      entryPointVersion: chain.version.number,
      evm: londonEvm,
      alternativeMempools: [],
      limits: defaultValidationLimits,
      stakeMinimums: defaultStakeMinimums,
      bundleSize: 1,
      tracer: createLocalTracer(engine),
      entities: request => engine.entities({ ...request, ...chain }),
    })
    const horizon = { presentSeconds: head, marginSeconds: 70 }
    const verdict = async (after: number) =>
      await judge.judge(await accountOf({ after: head + after }), await chain.head(), horizon)
    expect(await verdict(70)).toMatchObject({ ok: true, value: { validAfter: head + 70 } })
    expect(await verdict(71)).toMatchObject({ ok: false, refusal: { code: -32503 } })
  })

  it('must last from then on', async () => {
    expect(await harness.refusal(await accountOf({ after: head + 30, until: head + 99 }))).toMatchObject({
      code: -32503,
      message: `expires too soon: valid until ${head + 99}`,
    })
    await harness.accepted(await accountOf({ after: head + 30, until: head + 100 }))
  })

  it('is refused for anything else that is wrong with it', async () => {
    const paymaster = await chain.place(
      paymasterAnswering(validationDataWord({ after: head + 5, aggregator: 1n })),
    )
    const operation = testOperation({ sender: await chain.place(accountCode('')), paymaster })
    expect(await harness.refusal(operation)).toMatchObject({ message: expect.stringMatching(/^AA34/) })
  })
})
