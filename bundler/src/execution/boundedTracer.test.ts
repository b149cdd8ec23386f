import { expect, it } from 'vitest'
import type { CallRequest } from '../estimation/callTracer.ts'
import { ExecutionTooLong } from '../estimation/executionTooLong.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { boundedTracer } from './boundedTracer.ts'
import { WorkMeter } from './workMeter.ts'

it('the runs of one estimate end when they have taken as long together as a few of the longest', async () => {
  const meter = new WorkMeter()
  let runs = 0
  const tracer = boundedTracer(
    {
      async traceCall({ userOperation }) {
        runs++
        meter.add(userOperation, 1_500)
        return { type: 'CALL', from: '0x', to: '0x', input: '0x', gas: '0x0', gasUsed: '0x0' } as never
      },
      senderFunds: async () => ({ balanceWei: 0n, depositWei: 0n }),
    },
    meter,
  )
  const userOperation = {} as UserOperation
  const search = async (): Promise<void> => {
    for (let trial = 0; trial < 16; trial++) await tracer.traceCall({ userOperation } as CallRequest)
  }
  await expect(search()).rejects.toThrow(ExecutionTooLong)
  expect(runs).toBe(3)
  expect(tracer.milliseconds()).toBe(4_500)
})
