// Lends an operation the money it would need at the limits it is run with: the account its prefund, or the
// paymaster a deposit. What the account owns beyond that stays as it is, so that spending it shows.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { CallTracer, SenderFunds } from './callTracer.ts'
import {
  hasStorageOverride,
  overrideBalance,
  overrideDeposit,
  plentyWei,
  type RpcOverrides,
} from './overrides.ts'

export type Funding = {
  overridesFor(operation: UserOperation): RpcOverrides
  /** Whether the account is run as one that has nothing in the EntryPoint although it has. */
  readonly isDepositHidden: boolean
  /** The same with the deposit as it is; itself where it is not hidden. */
  withDeposit(): Funding
  /** Whether the account could pay by itself, at the fees that the operation gives, what `operation` may cost. */
  suffices(operation: UserOperation): boolean
}

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
    const funded = overrideDeposit(overrides, entryPoint, paymaster, plentyWei)
    return plain(() => funded)
  }
  const known = await tracer.senderFunds({ userOperation, entryPoint, block })
  const funds = fundsGiven(known, overrides[sender.toLowerCase() as Address]?.balance)
  const prefundOf = (operation: UserOperation): bigint =>
    version.prefundGas(operation) * operation.maxFeePerGas
  const lent = (to: RpcOverrides) => (operation: UserOperation) =>
    overrideBalance(to, sender, funds.balanceWei + prefundOf(operation))
  const asItIs = plain(lent(overrides))
  // What it has there may be spent by another operation, or too little at other fees, by the time this one lands.
  const isHidden =
    funds.depositWei > 0n && funds.balanceWei > 0n && !hasStorageOverride(overrides, entryPoint)
  if (!isHidden) return asItIs
  return {
    overridesFor: lent(overrideDeposit(overrides, entryPoint, sender, 0n)),
    isDepositHidden: true,
    withDeposit: () => asItIs,
    suffices: operation =>
      funds.balanceWei >= prefundOf(operation) || funds.depositWei < prefundOf(operation),
  }
}

function plain(overridesFor: Funding['overridesFor']): Funding {
  const funding: Funding = {
    overridesFor,
    isDepositHidden: false,
    withDeposit: () => funding,
    suffices: () => true,
  }
  return funding
}

function fundsGiven(known: SenderFunds, balance: string | undefined): SenderFunds {
  return balance === undefined ? known : { ...known, balanceWei: BigInt(balance) }
}
