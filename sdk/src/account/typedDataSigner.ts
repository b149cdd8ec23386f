// Whoever signs typed data: a key, a wallet or a smart account of viem.
import type { Address, Hex, TypedData, TypedDataDefinition } from 'viem'

export type TypedDataSigner = {
  readonly address: Address
  readonly signTypedData: <
    const typedData extends TypedData | Record<string, unknown>,
    primaryType extends keyof typedData | 'EIP712Domain' = keyof typedData,
  >(
    parameters: TypedDataDefinition<typedData, primaryType>,
  ) => Promise<Hex>
}
