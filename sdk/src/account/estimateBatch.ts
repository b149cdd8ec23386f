// Has the bundler estimate a batch as it would be sent, for an account that may hold nothing yet: the token's balance is
// overridden, and of the paymaster only its stand-in is asked, so that nothing is signed or reserved.
import { type Address, encodeAbiParameters, keccak256, numberToHex, type StateOverride } from 'viem'
import {
  getPaymasterStubData,
  type PaymasterActions,
  prepareUserOperation,
  type SmartAccount,
  type UserOperation,
} from 'viem/account-abstraction'
import { getAction } from 'viem/utils'
import type { GasPrices } from '../actions/operation/gasPrices.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import type { Call } from './call.ts'
import type { BatchParameters } from './sendBatch.ts'

/** With all gas limits, and with stand-ins for what is signed. */
export type EstimatedBatch = UserOperation<'0.7'>

export async function estimateBatch(
  client: SmartAccountClient,
  batch: WithContracts &
    Pick<BatchParameters, 'paymaster'> & {
      readonly account: SmartAccount
      readonly calls: readonly Call[]
      readonly paymasterContext: unknown
      readonly prices: GasPrices
    },
): Promise<EstimatedBatch> {
  const { account, calls, contracts, paymasterContext, prices } = batch
  const getStubData = stubOnly(client, batch.paymaster)
  return (await prepareUserOperation(client, {
    account,
    calls,
    paymaster: { getPaymasterStubData: getStubData, getPaymasterData: getStubData },
    paymasterContext,
    maxFeePerGas: prices.maxFeePerGasWei,
    maxPriorityFeePerGas: prices.maxPriorityFeePerGasWei,
    stateOverride: plentyOf(contracts.token, account.address, prices.balanceSlot),
  } as never)) as unknown as EstimatedBatch
}

type GetStubData = PaymasterActions['getPaymasterStubData']

/** `isFinal` keeps viem from asking for a signature. */
function stubOnly(client: SmartAccountClient, given: BatchParameters['paymaster']): GetStubData {
  const paymaster = given ?? (client as { paymaster?: BatchParameters['paymaster'] }).paymaster ?? true
  const ask = (
    typeof paymaster === 'object'
      ? (paymaster.getPaymasterStubData ?? paymaster.getPaymasterData)
      : getAction(client, getPaymasterStubData, 'getPaymasterStubData')
  ) as GetStubData
  return async parameters => ({ ...(await ask(parameters)), isFinal: true })
}

/** Far above any price, far below what would overflow. */
const plentyWei = 1n << 100n

function plentyOf(token: Address, holder: Address, slot: bigint | undefined): StateOverride | undefined {
  if (slot === undefined) return undefined
  const entry = keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [holder, slot]))
  return [{ address: token, stateDiff: [{ slot: entry, value: numberToHex(plentyWei, { size: 32 }) }] }]
}
