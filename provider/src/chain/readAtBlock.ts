// What a view function of a contract says at one block: by encoding, one question and decoding alone. viem's `readContract`
// takes four times as long, for it makes ready for whatever a call may be; and at each block much is asked about every lane,
// while the requests of all wait for it.
import {
  type Abi,
  type BaseError,
  type ContractFunctionArgs,
  type ContractFunctionName,
  decodeFunctionResult,
  encodeFunctionData,
  getContractError,
  type Hex,
  type PublicClient,
  type ReadContractParameters,
  type ReadContractReturnType,
} from 'viem'

/** Throws what `readContract` throws. */
export async function readAtBlock<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'pure' | 'view'>,
  const args extends ContractFunctionArgs<abi, 'pure' | 'view', name>,
>(
  client: PublicClient,
  asked: ReadContractParameters<abi, name, args> & { readonly blockHash: Hex },
): Promise<ReadContractReturnType<abi, name, args>> {
  const { address, abi, functionName, args, blockHash } = asked as ReadContractParameters & {
    readonly blockHash: Hex
  }
  const call = { abi, functionName, args } as { abi: Abi; functionName: string; args: readonly unknown[] }
  try {
    const data = await client.request({
      method: 'eth_call',
      params: [{ to: address, data: encodeFunctionData(call) }, { blockHash }],
    })
    return decodeFunctionResult({ ...call, data }) as ReadContractReturnType<abi, name, args>
  } catch (error) {
    throw getContractError(error as BaseError, { ...call, address })
  }
}
