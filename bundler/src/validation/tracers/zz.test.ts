import { numberToHex } from 'viem'
import { it } from 'vitest'
import { createProgramReader } from '../../chainState/programReader.ts'
import { StateStore } from '../../chainState/stateStore.ts'
import { runLocally } from '../../execution/run.ts'
import { ruleCases } from '../rules/testing/cases.ts'
import { placeCase, placeContracts } from '../rules/testing/placeCase.ts'
import { startTestChain } from '../testing/testChain.ts'
import { createDebugTracer } from './debug.ts'
import { debugCollector } from './debugCollector.ts'
import { FactCollector } from './factCollector.ts'
import { validationOnlyCall } from './validationOnlyCall.ts'

it('x', async () => {
  const chain = await startTestChain()
  await placeContracts(chain)
  const op = await placeCase(chain, Object.values(ruleCases)[0]![0]!)
  const block = await chain.head()
  const call = validationOnlyCall({ userOperation: op, entryPoint: chain.entryPoint })
  const d = (await chain.client.request({
    method: 'debug_traceCall',
    params: [{ ...call, gas: numberToHex(call.gas) }, { blockHash: block.hash }, { tracer: debugCollector }],
  } as never)) as any
  console.log(
    d.gasReadings,
    d.output.slice(0, 80),
    d.phases.map((p: any) => [p.role, p.gasLimit, p.gasUsed, Object.keys(p.opcodes).length, p.output]),
  )
  const store = new StateStore(createProgramReader(chain.client).read)
  const r = await runLocally({
    store,
    block,
    chainId: 103,
    fork: 'london',
    message: { ...call, valueWei: 0n },
    stepLimit: 1e6,
    watch: s => new FactCollector(a => s.code(a).length),
  })
  const l = r!.watcher.result(r!.result.output)
  console.log(
    l.gasReadings,
    l.output.slice(0, 80),
    l.phases.map((p: any) => [p.role, p.gasLimit, p.gasUsed, Object.keys(p.opcodes).length, p.output]),
  )
  await chain.stop()
})
