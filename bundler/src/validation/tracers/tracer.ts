// Where facts come from. Every tracer gives the same facts for the same operation and block;
// `debug` asks the node, others may run an EVM of their own.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import type { Trace } from '../trace.ts'
import type { UserOperation } from '../validatedOperation.ts'

export type Tracer = {
  readonly name: 'debug' | 'local' | 'native'
  /** Throws when the node does not answer: an outage is never a verdict. */
  trace(request: TraceRequest): Promise<Trace>
}

export type TraceRequest = {
  readonly userOperation: UserOperation
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly block: Block
}
