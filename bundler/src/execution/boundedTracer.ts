// The tracer of one estimate: its runs together may take no longer than a few of the longest. A search for the least
// limits would run what is slow a dozen times.
import type { CallTracer } from '../estimation/callTracer.ts'
import { ExecutionTooLong } from '../estimation/executionTooLong.ts'
import { executionStepLimit } from './engine.ts'
import type { WorkMeter } from './workMeter.ts'

/** One run that takes all the steps it may takes a second or two. */
const mostMilliseconds = 4_000

export function boundedTracer(
  tracer: CallTracer,
  meter: Pick<WorkMeter, 'spentOn'>,
): CallTracer & { milliseconds(): number } {
  let milliseconds = 0
  return {
    ...tracer,
    async traceCall(request) {
      if (milliseconds > mostMilliseconds) throw new ExecutionTooLong(executionStepLimit)
      // The same object may have been run before.
      const before = meter.spentOn(request.userOperation)
      try {
        return await tracer.traceCall(request)
      } finally {
        milliseconds += meter.spentOn(request.userOperation) - before
      }
    },
    milliseconds: () => milliseconds,
  }
}
