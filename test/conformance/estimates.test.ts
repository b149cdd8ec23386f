// A corpus of operations, each estimated with a stub for a signature, signed, and landed: the estimate was enough, and
// hardly more. What was needed comes from the run that landed, to the gas.
import type { GasEstimate } from '@worldland-aa/bundler/estimation/estimator'
import { parseEther } from 'viem'
import type { UserOperation } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { accountSubjects } from '../support/estimates/accountOperations.ts'
import { codeSubjects } from '../support/estimates/codeOperations.ts'
import { distributionTable, type Excess } from '../support/estimates/distribution.ts'
import { createEstimateStage, type EstimateStage } from '../support/estimates/estimateStage.ts'
import { marketSubjects } from '../support/estimates/marketOperations.ts'
import {
  beneficiary,
  type Landing,
  landAndMeasure,
  neededCallGas,
  runsWith,
  searchCallGas,
  sendBundle,
} from '../support/estimates/measure.ts'
import { paymasterSubjects } from '../support/estimates/paymasterOperations.ts'
import {
  computeAccount,
  deploy,
  depositFor,
  draftOf,
  keyNumber,
  type Subject,
  signedBy,
  simpleAccount,
} from '../support/estimates/senders.ts'
import { seededRandom } from '../support/random.ts'

type LimitName = keyof Landing['needed']
type Estimated = {
  subject: Subject
  estimate: GasEstimate
  landing: Landing
  executions: number
  questions: number
}

/** ERC-7562 VALIDATION_GAS_SLACK, which a verification limit must leave. [LIM-030] */
const verificationSlackGas = 4_000n
const mostExcessPercent = 10n
/** Of an account's payment into an empty deposit: estimated even where what it has there does for now. */
const mostPaymentGas = 40_000n
const limitNames: readonly LimitName[] = [
  'preVerificationGas',
  'verificationGasLimit',
  'callGasLimit',
  'paymasterVerificationGasLimit',
  'paymasterPostOpGasLimit',
]

const random = seededRandom()
let chain: TestChain
let stage: EstimateStage
const corpus: Estimated[] = []

beforeAll(async () => {
  chain = await startTestChain()
  // Paying an account that does not exist yet costs 25,000 gas more.
  await chain.anvil.setBalance({ address: beneficiary, value: 1n })
  stage = await createEstimateStage(chain)
})
afterAll(() => chain?.stop())

async function estimated(subject: Subject): Promise<GasEstimate> {
  await stage.settle()
  const result = await stage.byEngine.estimate(subject.draft)
  if (!result.ok) throw new Error(`${subject.title} was refused: ${result.refusal.message}`)
  return result.value
}

async function payable(operation: UserOperation<'0.7'>): Promise<void> {
  const { sender: address, paymaster } = operation
  if (paymaster !== undefined) return
  const balance = await chain.client.getBalance({ address })
  await chain.anvil.setBalance({ address, value: balance + parseEther('1') })
}

async function takeIn(subject: Subject): Promise<void> {
  Object.assign(stage.counts, { executions: 0, questions: 0 })
  const estimate = await estimated(subject)
  const { executions, questions } = stage.counts
  const signed = await subject.sign({ ...subject.draft, ...estimate })
  await payable(signed)
  await stage.settle()
  const searched = subject.looksAtGas ? await searchCallGas(stage, signed) : undefined
  const landing = await landAndMeasure(stage, signed).catch((cause: unknown) => {
    throw new Error(`${subject.title} did not land`, { cause })
  })
  const needed = { ...landing.needed, ...(searched !== undefined && { callGasLimit: searched }) }
  corpus.push({ subject, estimate, landing: { ...landing, needed }, executions, questions })
}

/** Of our own paymaster: once it has signed it pulls tokens, and the execution finds their slots warm. */
function pullsOnceSigned({ hasGivenLimits, draft }: Subject): boolean {
  return hasGivenLimits === true && (draft.paymasterPostOpGasLimit ?? 0n) > 0n
}

/** Which of its limits an estimate can be held to. */
function isMeasured({ subject, landing }: Estimated, name: LimitName): boolean {
  if (landing.needed[name] === 0n || (name === 'callGasLimit' && subject.draft.callData === '0x'))
    return false
  if (name === 'preVerificationGas') return landing.refundsOfItsOwn === false
  if (name.startsWith('paymaster')) return subject.hasGivenLimits !== true
  return name !== 'callGasLimit' || !pullsOnceSigned(subject)
}

const excessOf = ({ estimate, landing }: Estimated, name: LimitName): Excess => ({
  estimated: estimate[name] ?? 0n,
  needed: landing.needed[name],
})

describe('the estimates of a corpus of operations', () => {
  it.each([
    ['of accounts', () => accountSubjects(stage, random)],
    ['with paymasters', () => paymasterSubjects(stage, random)],
    ['on the market', () => marketSubjects(stage, 5)],
    ['that call awkward code', () => codeSubjects(stage, random, 5)],
  ] as const)('%s land', { timeout: 300_000 }, async (_, subjects) => {
    const failures: string[] = []
    for await (const subject of subjects()) {
      await takeIn(subject)
      const { landing } = corpus.at(-1) as Estimated
      if (!landing.success) failures.push(subject.title)
      expect(landing.gasBilled, subject.title).toBeGreaterThanOrEqual(landing.gasUsed)
    }
    expect(failures).toEqual([])
  })

  it('are each at most a tenth, and the slack of the ERC, above what was needed', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(200)
    const excesses = new Map(
      limitNames.map(name => [
        name,
        corpus.filter(one => isMeasured(one, name)).map(one => excessOf(one, name)),
      ]),
    )
    const mean = (of: (one: Estimated) => number): string =>
      (corpus.reduce((sum, one) => sum + of(one), 0) / corpus.length).toFixed(1)
    process.stderr.write(
      `${corpus.length} operations, ${mean(one => one.executions)} executions and ${mean(one => one.questions)} questions to the node each\n${distributionTable(excesses)}\n`,
    )
    const wrong = corpus.flatMap(one =>
      limitNames.flatMap(name => {
        if (!isMeasured(one, name)) return []
        const { estimated, needed } = excessOf(one, name)
        const slack = name.toLowerCase().endsWith('verificationgaslimit') ? verificationSlackGas : 0n
        const pays = name === 'verificationGasLimit' || (name === 'callGasLimit' && one.subject.deposits)
        const payment = pays && one.landing.hadDeposit ? mostPaymentGas : 0n
        const isRight =
          estimated >= needed && estimated <= needed + (needed * mostExcessPercent) / 100n + slack + payment
        return isRight ? [] : [`${one.subject.title}: ${name} ${estimated} for ${needed}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('are kept where the paymaster gave them', () => {
    for (const { subject, estimate } of corpus.filter(({ subject }) => subject.hasGivenLimits)) {
      const { paymasterVerificationGasLimit, paymasterPostOpGasLimit } = subject.draft
      expect(estimate.paymasterVerificationGasLimit).toBe(paymasterVerificationGasLimit)
      expect(estimate.paymasterPostOpGasLimit).toBe(paymasterPostOpGasLimit)
    }
  })
})

it('bundles of several land as each was estimated alone', async () => {
  for (let bundle = 0; bundle < 4; bundle++) {
    const operations: UserOperation<'0.7'>[] = []
    for (let index = 0; index < 5; index++) {
      const number = 9_000 + 5 * bundle + index
      const account =
        index % 2 ? await simpleAccount(stage, number) : await computeAccount(stage, keyNumber(number), 0)
      const draft = await draftOf(account, [{ to: account.address, data: '0x' }])
      const estimate = await estimated({ title: 'of a bundle', draft, sign: signedBy(account) })
      operations.push(await signedBy(account)({ ...draft, ...estimate }))
    }
    for (const operation of operations) await payable(operation)
    const { receipt, events } = await sendBundle(stage, operations)
    expect(events.map(({ success }) => success)).toEqual(operations.map(() => true))
    const billed = events.reduce((sum, { actualGasUsed }) => sum + actualGasUsed, 0n)
    expect(billed).toBeGreaterThanOrEqual(receipt.gasUsed)
  }
})

it('an operation of a kind that was seen takes two executions and one question to the node, and the next time none', async () => {
  const drafts: UserOperation<'0.7'>[] = []
  for (const number of [8_000, 8_001]) {
    const account = await simpleAccount(stage, number)
    await deploy(stage, account)
    drafts.push(await draftOf(account, [{ to: keyNumber(70).address }]))
  }
  await stage.settle()
  const [first, second] = drafts
  const costOf = async (draft: UserOperation<'0.7'> | undefined) => {
    Object.assign(stage.counts, { executions: 0, questions: 0 })
    if (draft === undefined || !(await stage.byEngine.estimate(draft)).ok) throw new Error('not estimated')
    const { executions, questions } = stage.counts
    return { executions, questions }
  }
  await costOf(first)
  expect(await costOf(second)).toEqual({ executions: 2, questions: 1 })
  expect(await costOf(second)).toEqual({ executions: 2, questions: 0 })
})

it('what a call is said to need it needs to the last gas', async () => {
  for await (const subject of codeSubjects(stage, random, 1)) {
    if (subject.looksAtGas || subject.title.startsWith('a call starved')) continue
    const signed = await subject.sign({ ...subject.draft, ...(await estimated(subject)) })
    await payable(signed)
    await stage.settle()
    const needed = await neededCallGas(stage, signed)
    expect(await runsWith(stage, signed, needed), subject.title).toBe(true)
    expect(await runsWith(stage, signed, needed - 1n), subject.title).toBe(false)
  }
})

it('the node’s own tracer gives the same estimates, but that it cannot tell where in a call the gas is needed', {
  timeout: 300_000,
}, async () => {
  const ratios: number[] = []
  for await (const subject of codeSubjects(stage, random, 2)) {
    // So great a deposit that no limit decides whether the account pays in its validation.
    await depositFor(stage, subject.draft.sender)
    const own = await estimated(subject)
    const result = await stage.byNode.estimate(subject.draft)
    if (!result.ok) throw new Error(`${subject.title} was refused: ${result.refusal.message}`)
    ratios.push(Number(result.value.callGasLimit) / Number(own.callGasLimit))
    expect(result.value, subject.title).toEqual({ ...own, callGasLimit: result.value.callGasLimit })
  }
  process.stderr.write(
    `callGasLimit by the node’s tracer: ${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)} of ours\n`,
  )
  // Less where a search, which ends close to what is needed, takes the place of our margin.
  for (const ratio of ratios) expect(ratio).toBeGreaterThan(0.9)
})
