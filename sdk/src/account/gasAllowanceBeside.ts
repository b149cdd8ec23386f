// Filling a tank lets the paymaster pull the amount by the same allowance that it pulls gas by. This finds what
// is to be left for gas then: as much as there is, or as the operations ahead need.
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import { gasAllowance } from './gasAllowance.ts'
import { paymasterContextOf } from './gasSource.ts'
import { type BatchParameters, senderOf } from './sendBatch.ts'

/** Token wei; for a batch with `gasAllowanceWei: 0n`, whose own calls approve this and what fills the tank. */
export async function gasAllowanceBeside(
  client: SmartAccountClient,
  parameters: BatchParameters,
): Promise<bigint> {
  const { contracts, gasAllowanceWei } = parameters
  const { wantedWei } = await gasAllowance(client, {
    account: senderOf(client, parameters),
    contracts,
    paymasterContext: paymasterContextOf(client, parameters),
    gasAllowanceWei,
  })
  return wantedWei
}
