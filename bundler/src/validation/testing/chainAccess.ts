// How tests speak with a chain that has the EntryPoint at its canonical address, whichever node runs it.
import { createRequire } from 'node:module'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { Block } from '@worldland-aa/service/chain/block'
import {
  type Address,
  concatHex,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  http,
  type PublicClient,
  type TransactionReceipt,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { EntryPointNumber, EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'

export type ChainAccess = {
  readonly url: string
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  head(): Promise<Block>
  /** Sends from the rich account and waits; throws when it reverts. */
  send(transaction: Sendable): Promise<TransactionReceipt>
  /** The same in the name of an address that the node signs for. */
  sendFrom(account: Address, transaction: Sendable): Promise<TransactionReceipt>
  deposit(address: Address, wei: bigint): Promise<void>
}

type Sendable = { to?: Address; data?: Hex; value?: bigint; gas?: bigint }

/** anvil's first prefunded key. */
export const richAccount = privateKeyToAccount(
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
)

export const deterministicDeployer: Address = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
/** With these the packages' byte code comes to its canonical address; that of v0.9 is a release candidate's. */
const salts: Readonly<Record<EntryPointNumber, Hex>> = {
  '0.6': zeroHash,
  '0.7': '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3',
  '0.8': '0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9',
  '0.9': zeroHash,
}
const packages: Readonly<Record<EntryPointNumber, string>> = {
  '0.6': 'aa-contracts-06',
  '0.7': '@account-abstraction/contracts',
  '0.8': 'aa-contracts-08',
  '0.9': 'aa-contracts-09',
}

/** Deploys the EntryPoint where the deterministic deployer is, with the rich account's coin. */
export async function accessChain(url: string, version: EntryPointVersion): Promise<ChainAccess> {
  const chain = defineChain({
    id: 103,
    name: 'WorldLand',
    nativeCurrency: { name: 'WLC', symbol: 'WLC', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })
  const client = createPublicClient({ chain, transport: http(), pollingInterval: 50 }) as PublicClient
  const wallet = createWalletClient({ chain, transport: http() })

  async function sendBy(
    account: Address | typeof richAccount,
    transaction: Sendable,
  ): Promise<TransactionReceipt> {
    const hash = await wallet.sendTransaction({ account, ...transaction })
    const receipt = await client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`)
    return receipt
  }
  const send: ChainAccess['send'] = transaction => sendBy(richAccount, transaction)
  const entryPoint = entryPointOf(version)
  await send({ to: deterministicDeployer, data: concatHex([entryPoint.salt, entryPoint.bytecode]) })

  return {
    url,
    client,
    entryPoint: entryPoint.address,
    version,
    async head() {
      const { number, hash, parentHash, timestamp, baseFeePerGas, gasLimit } = await client.getBlock()
      return { number, hash, parentHash, timestamp, baseFeePerGas: baseFeePerGas ?? 0n, gasLimit }
    },
    send,
    sendFrom: sendBy,
    async deposit(address, wei) {
      const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [address] })
      await send({ to: entryPoint.address, data, value: wei })
    },
  }
}

/** Where the EntryPoint comes to stand, and what puts it there. */
export function entryPointOf({ number }: EntryPointVersion): { address: Address; salt: Hex; bytecode: Hex } {
  const { bytecode } = contractArtifact('EntryPoint', number)
  const salt = salts[number]
  const address = getContractAddress({ opcode: 'CREATE2', from: deterministicDeployer, salt, bytecode })
  return { address, salt, bytecode }
}

/** A contract of the npm package that the EntryPoint comes from. */
export function contractArtifact(
  name: string,
  version: EntryPointNumber = '0.7',
): { readonly bytecode: Hex } {
  return createRequire(import.meta.url)(`${packages[version]}/artifacts/${name}.json`)
}
