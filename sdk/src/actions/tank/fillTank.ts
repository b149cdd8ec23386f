// Sets gas aside: moves tokens into an account's tank, where they pay for its operations and for nothing else.
import { type Address, maxUint256 } from 'viem'
import * as computePaymaster from '../../abi/computePaymaster.ts'
import { approveCall } from '../../account/approveCall.ts'
import { type Call, toCall } from '../../account/call.ts'
import { gasAllowanceBeside } from '../../account/gasAllowanceBeside.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
  senderOf,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'

export type FillTankParameters = BatchParameters & {
  /** Whose tank. Default: the sender's. */
  readonly holder?: Address | undefined
  /** Token wei. */
  readonly amountWei: bigint
}
/** The user operation's hash; `TankFilled` (see `waitForComputeEvent`) says what went in. */
export type FillTankReturnType = BatchReturnType
export type FillTankErrorType = BatchErrorType

/**
 * Fills a gas tank: anybody may fill any account's. Its holder then pays by `gasFrom: 'tank'`, also with an
 * empty wallet, and takes the rest back by `withdrawTank`.
 *
 * @example
 * import { fillTank } from '@worldland-aa/sdk/actions/tank/fillTank'
 * import { parseEther } from 'viem'
 *
 * const hash = await fillTank(smartAccountClient, { contracts, amountWei: parseEther('0.05') })
 */
export async function fillTank(
  client: SmartAccountClient,
  parameters: FillTankParameters,
): Promise<FillTankReturnType> {
  const { contracts, amountWei, holder = senderOf(client, parameters).address } = parameters
  const gasAllowanceWei = await gasAllowanceBeside(client, parameters)
  const calls = fillTank.calls({ contracts, holder, amountWei, gasAllowanceWei })
  // The approval in these calls covers the gas as well.
  return await sendBatch(client, { ...parameters, gasAllowanceWei: 0n, calls })
}

/** The calls alone, for a batch of one's own. */
fillTank.calls = (
  parameters: WithContracts & {
    readonly holder: Address
    readonly amountWei: bigint
    /** Token wei that the paymaster may still pull for gas afterwards: the approval replaces what it may now. */
    readonly gasAllowanceWei: bigint
  },
): readonly Call[] => {
  const { contracts, holder, amountWei, gasAllowanceWei } = parameters
  // An allowance without end stays one.
  const isEndless = gasAllowanceWei > maxUint256 - amountWei
  return [
    approveCall({
      token: contracts.token,
      spender: contracts.paymaster,
      amountWei: isEndless ? maxUint256 : gasAllowanceWei + amountWei,
    }),
    toCall(contracts.paymaster, {
      abi: [computePaymaster.fillTank],
      functionName: 'fillTank',
      args: [holder, amountWei],
    }),
  ]
}
