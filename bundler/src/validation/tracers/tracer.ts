// Where facts come from. Every tracer gives the same facts for the same operation and block;
// `debug` asks the node, `local` runs an EVM of its own.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address, Hash } from 'viem'
import type { EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'
import type { Trace } from '../trace.ts'
import type { UserOperation } from '../validatedOperation.ts'

export type Tracer = {
  readonly name: 'debug' | 'local' | 'native'
  /** Throws when the node does not answer: an outage is never a verdict. */
  trace(request: TraceRequest): Promise<Trace>
  /**
   * Whether a trace at `block` would bring the same facts as the last one of this operation, because nothing it read
   * has changed. Absent where a tracer cannot tell. Throws as `trace` does.
   */
  unchanged?(operationKey: string, block: Block): Promise<boolean>
}

export type TraceRequest = {
  readonly userOperation: UserOperation
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly block: Block
  /** Of the block it runs in, in seconds since the Unix epoch; the block's own if not said. */
  readonly timestamp?: bigint
  /** `operationKeyOf` the operation. */
  readonly operationKey: string
}

/** The same for the same operation with the same signatures, and for no other; begins with the sender. */
export function operationKeyOf(
  { sender, signature, authorization }: UserOperation,
  userOperationHash: Hash,
): string {
  // Before v0.8 the hash says nothing of the delegate.
  const delegation = authorization === undefined ? '' : `${authorization.r}${authorization.s}`
  return `${sender}${userOperationHash}${signature}${delegation}`
}
