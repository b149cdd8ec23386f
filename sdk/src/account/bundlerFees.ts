// What the bundler asks for an operation now. viem's own guess, twice what a node says, pays twice what the SDK quotes.
import { type Client, type Hex, hexToBigInt, type Transport } from 'viem'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'

/** Native wei. */
export type BundlerFees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

/**
 * The bundler's `fast` price: twice the present base fee, and the tip of full blocks. Of the base fee only what the
 * block asks for is paid. Given as viem's `userOperation.estimateFeesPerGas`, it makes operations cost what was quoted.
 *
 * @example
 * import { bundlerFees } from '@worldland-aa/sdk/account/bundlerFees'
 * import { createBundlerClient } from 'viem/account-abstraction'
 *
 * const client = createBundlerClient({
 *   account,
 *   client: publicClient,
 *   transport: http(bundlerUrl),
 *   userOperation: { estimateFeesPerGas: ({ bundlerClient }) => bundlerFees(bundlerClient) },
 * })
 */
export async function bundlerFees(client: Client | SmartAccountClient): Promise<BundlerFees> {
  const bundler = client as Client as Client<Transport, undefined, undefined, GasPriceRpcSchema>
  const { fast } = await bundler.request({ method: 'pimlico_getUserOperationGasPrice', params: [] })
  return {
    maxFeePerGas: hexToBigInt(fast.maxFeePerGas),
    maxPriorityFeePerGas: hexToBigInt(fast.maxPriorityFeePerGas),
  }
}

type GasPrice = { readonly maxFeePerGas: Hex; readonly maxPriorityFeePerGas: Hex }
type GasPriceRpcSchema = [
  {
    Method: 'pimlico_getUserOperationGasPrice'
    Parameters: []
    ReturnType: { readonly slow: GasPrice; readonly standard: GasPrice; readonly fast: GasPrice }
  },
]
