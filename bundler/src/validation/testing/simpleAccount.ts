// The account most clients bring: SimpleAccount of the EntryPoint's own package.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { simpleAccountFactoryAbi } from '@worldland-aa/sdk/abi/simpleAccountFactory'
import { type Address, concatHex, encodeAbiParameters, encodeFunctionData, type Hex, parseAbi } from 'viem'
import type { UserOperation } from '../validatedOperation.ts'
import { type ChainAccess, contractArtifact, richAccount } from './chainAccess.ts'
import { testOperation } from './operation.ts'

export type SimpleAccounts = {
  readonly factory: Address
  /** The next operation of the rich account's SimpleAccount number `salt`, with the factory if it is not deployed. */
  operation(salt: bigint, fields?: Partial<UserOperation>): Promise<UserOperation>
  /** The byte code behind the accounts' proxies. */
  implementationCode(): Promise<Hex>
}

/** 3 gwei at most, 1 gwei tip. */
export const testFees = { maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n }

export async function deploySimpleAccounts(chain: Omit<ChainAccess, 'sendFrom'>): Promise<SimpleAccounts> {
  const { bytecode } = contractArtifact('SimpleAccountFactory', chain.version.number)
  const argument = encodeAbiParameters([{ type: 'address' }], [chain.entryPoint])
  const { contractAddress } = await chain.send({ data: concatHex([bytecode, argument]) })
  const factory = contractAddress as Address
  return {
    factory,
    async operation(salt, fields = {}) {
      const sender = await chain.client.readContract({
        address: factory,
        abi: simpleAccountFactoryAbi,
        functionName: 'getAddress',
        args: [richAccount.address, salt],
      })
      const isDeployed = (await chain.client.getCode({ address: sender })) !== undefined
      const nonce = await chain.client.readContract({
        address: chain.entryPoint,
        abi: entryPoint07Abi,
        functionName: 'getNonce',
        args: [sender, 0n],
      })
      return await signed(
        testOperation({
          sender,
          nonce,
          ...(!isDeployed && { factory, factoryData: creationOf(salt) }),
          callData: executeCall(sender),
          ...testFees,
          ...fields,
        }),
        chain,
      )
    },
    async implementationCode() {
      const implementation = await chain.client.readContract({
        address: factory,
        abi: parseAbi(['function accountImplementation() view returns (address)']),
        functionName: 'accountImplementation',
      })
      return (await chain.client.getCode({ address: implementation })) ?? '0x'
    },
  }
}

/** SimpleAccount.execute. */
export function executeCall(target: Address, data: Hex = '0x', value = 0n): Hex {
  return encodeFunctionData({ abi: simpleAccountAbi, functionName: 'execute', args: [target, value, data] })
}

export async function signed(
  userOperation: UserOperation,
  { version, entryPoint }: Pick<ChainAccess, 'version' | 'entryPoint'>,
): Promise<UserOperation> {
  const hash = version.hash(userOperation, { chainId: 103, entryPoint })
  // Since v0.8 the hash is one of typed data, and signed as it is.
  const signature = version.validAfterIsExclusive
    ? await richAccount.sign({ hash })
    : await richAccount.signMessage({ message: { raw: hash } })
  return { ...userOperation, signature }
}

function creationOf(salt: bigint): Hex {
  return encodeFunctionData({
    abi: simpleAccountFactoryAbi,
    functionName: 'createAccount',
    args: [richAccount.address, salt],
  })
}
