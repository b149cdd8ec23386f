// For nodes whose state changes between two blocks: nobody is refused on what was read before. The state of the block
// is read anew, and only then is a no a no.

import { encodeErrorResult, parseAbi } from 'viem'
import type { CallFrame } from '../estimation/callFrame.ts'
import type { Judge } from '../validation/judge.ts'
import type { Engine } from './engine.ts'

export function freshOnFailure<Both extends Engine & Judge>(engine: Both): Both {
  return {
    ...engine,
    async judge(userOperation, block, horizon) {
      const verdict = await engine.judge(userOperation, block, horizon)
      if (verdict.ok) return verdict
      engine.forget(block)
      return await engine.judge(userOperation, block, horizon)
    },
    async traceCall(request) {
      const root = await engine.traceCall(request)
      if (!failsSomewhere(root)) return root
      engine.forget(request.block)
      return await engine.traceCall(request)
    },
  }
}

/** `Error("")`: by it EntryPointSimulations ends one of its own calls, always, and means that all is well. */
const emptyError = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: [''] })

function failsSomewhere({ error, output, calls = [] }: CallFrame): boolean {
  return (error !== undefined && output !== emptyError) || calls.some(failsSomewhere)
}
