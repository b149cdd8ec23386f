// Lends an operation the money it would need at the limits it is run with: the account its prefund, or the
// paymaster a deposit. What the account owns beyond that stays as it is, so that spending it shows.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { CallTracer } from './callTracer.ts'
import { overrideBalance, overrideDeposit, type RpcOverrides } from './overrides.ts'

export type Funding = (operation: UserOperation) => RpcOverrides

export async function createFunding(request: {
  tracer: CallTracer
  entryPoint: Address
  version: EntryPointVersion
  block: Block
  userOperation: UserOperation
  overrides: RpcOverrides
}): Promise<Funding> {
  const { tracer, entryPoint, version, block, userOperation, overrides } = request
  const { sender, paymaster } = userOperation
  if (paymaster !== undefined) {
    const funded = overrideDeposit(overrides, entryPoint, paymaster)
    return () => funded
  }
  const given = overrides[sender.toLowerCase() as Address]?.balance
  const balance =
    given === undefined ? await tracer.senderBalance({ userOperation, entryPoint, block }) : BigInt(given)
  return operation =>
    overrideBalance(overrides, sender, balance + version.prefundGas(operation) * operation.maxFeePerGas)
}
