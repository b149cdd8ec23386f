// A corpus of operations, each estimated with a stub for a signature, signed, and landed by handleOps alone: the
// estimate was enough, and hardly more.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { accountSubjects } from '../support/estimates/accountOperations.ts'
import { marketSubjects } from '../support/estimates/marketOperations.ts'
import { paymasterSubjects } from '../support/estimates/paymasterOperations.ts'
import { codeSubjects } from '../support/estimates/codeOperations.ts'
import { createEstimateStage, type EstimateStage } from '../support/estimates/estimateStage.ts'
import { landAndMeasure } from '../support/estimates/measure.ts'
import { seededRandom } from '../support/random.ts'

const random = seededRandom()
let chain: TestChain
let stage: EstimateStage
beforeAll(async () => {
  chain = await startTestChain()
  await chain.anvil.setBalance({ address: '0x0000000000000000000000000000000000bef1c1', value: 1n })
  stage = await createEstimateStage(chain)
})
afterAll(() => chain?.stop())

it('try', async () => {
  async function* all() { yield* paymasterSubjects(stage, random); yield* accountSubjects(stage, random); yield* marketSubjects(stage, 2); yield* codeSubjects(stage, random, 1) }
  for await (const subject of all()) {
    await stage.settle()
    Object.assign(stage.counts, {executions:0, questions: 0, polls: 0})
    const result = await stage.byEngine.estimate(subject.draft)
    if (!result.ok) { console.log(subject.title, result.refusal); continue }
    const c = JSON.stringify(stage.counts)
    const signed = await subject.sign({ ...subject.draft, ...result.value })
    if (!subject.draft.paymaster) {
       const value = await chain.client.getBalance({address: signed.sender})
       await chain.anvil.setBalance({ address: signed.sender, value: value + 10n**18n })
    }
    try {
    const landing = await landAndMeasure(stage, signed)
    const row = Object.entries(landing.needed).map(([k,n]) => { const e = (result.value as any)[k] ?? 0n; return `${k.replace('paymaster', 'pm').slice(0,6)} ${n} ${e - n} ${n? Math.round(Number(e - n)/Number(n)*1000)/10 : '-'}%`})
    console.log(subject.title, landing.success, landing.starved, row.join(' | '), c, landing.gasBilled - landing.gasUsed)
    } catch (e) { console.log(subject.title, String(e).slice(0,300)) }
  }
}, 300_000)
