// A London chain with the EntryPoint at its canonical address, and the means to put any contract anywhere.
import { createRequire } from 'node:module'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { Block } from '@worldland-aa/service/chain/block'
import { type Anvil, type Hardfork, startAnvil } from '@worldland-aa/service/testing/startAnvil'
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
import { entryPoint07 } from '../../entryPoint/entryPoint07.ts'
import type { EntryPointNumber, EntryPointVersion } from '../../entryPoint/entryPointVersion.ts'

export type TestChain = {
  readonly url: string
  readonly anvil: Anvil['client']
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly hardfork: Hardfork
  head(): Promise<Block>
  /** Sends from the rich account and waits; throws when it reverts. */
  send(transaction: { to?: Address; data?: Hex; value?: bigint; gas?: bigint }): Promise<TransactionReceipt>
  /** The same in the name of any address, contracts too; it is given the coin for gas and value. */
  sendAs(
    address: Address,
    transaction: { to: Address; data: Hex; value?: bigint },
  ): Promise<TransactionReceipt>
  /** Puts `code` at an address, by default a fresh one. */
  place(code: Hex, address?: Address): Promise<Address>
  /** Stakes a contract in the EntryPoint, in its own name. */
  stake(address: Address, terms: { wei: bigint; unstakeDelaySeconds: number }): Promise<void>
  deposit(address: Address, wei: bigint): Promise<void>
  stop(): Promise<void>
}

/** anvil's first prefunded key. */
export const richAccount = privateKeyToAccount(
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
)

const deterministicDeployer: Address = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
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

export async function startTestChain({
  version = entryPoint07,
  hardfork = 'london',
}: {
  version?: EntryPointVersion
  hardfork?: Hardfork
} = {}): Promise<TestChain> {
  const anvil = await startAnvil({ hardfork })
  const chain = defineChain({
    id: 103,
    name: 'WorldLand',
    nativeCurrency: { name: 'WLC', symbol: 'WLC', decimals: 18 },
    rpcUrls: { default: { http: [anvil.url] } },
  })
  const client = createPublicClient({ chain, transport: http(), pollingInterval: 50 }) as PublicClient
  const wallet = createWalletClient({ chain, transport: http() })
  const { client: control } = anvil

  async function sendFrom(
    account: Address | typeof richAccount,
    transaction: { to?: Address; data?: Hex; value?: bigint; gas?: bigint },
  ): Promise<TransactionReceipt> {
    const hash = await wallet.sendTransaction({ account, ...transaction })
    const receipt = await client.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`)
    return receipt
  }
  const send: TestChain['send'] = transaction => sendFrom(richAccount, transaction)

  const sendAs: TestChain['sendAs'] = async (address, transaction) => {
    await control.impersonateAccount({ address })
    await control.setBalance({ address, value: (transaction.value ?? 0n) + 10n ** 18n })
    const receipt = await sendFrom(address, transaction)
    await control.stopImpersonatingAccount({ address })
    return receipt
  }

  const entryPoint = await deployEntryPoint(version, send)

  return {
    url: anvil.url,
    anvil: control,
    client,
    entryPoint,
    version,
    hardfork,
    stop: anvil.stop,
    send,
    async head() {
      const { number, hash, parentHash, timestamp, baseFeePerGas, gasLimit } = await client.getBlock()
      return { number, hash, parentHash, timestamp, baseFeePerGas: baseFeePerGas ?? 0n, gasLimit }
    },
    async place(bytecode, address = freshAddress()) {
      await control.setCode({ address, bytecode })
      return address
    },
    sendAs,
    async stake(address, { wei, unstakeDelaySeconds }) {
      const data = encodeFunctionData({
        abi: entryPoint07Abi,
        functionName: 'addStake',
        args: [unstakeDelaySeconds],
      })
      await sendAs(address, { to: entryPoint, data, value: wei })
    },
    async deposit(address, wei) {
      const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [address] })
      await send({ to: entryPoint, data, value: wei })
    },
  }
}

async function deployEntryPoint({ number }: EntryPointVersion, send: TestChain['send']): Promise<Address> {
  const { bytecode } = contractArtifact('EntryPoint', number)
  const salt = salts[number]
  await send({ to: deterministicDeployer, data: concatHex([salt, bytecode]) })
  return getContractAddress({ opcode: 'CREATE2', from: deterministicDeployer, salt, bytecode })
}

/** A contract of the npm package that the EntryPoint comes from. */
export function contractArtifact(
  name: string,
  version: EntryPointNumber = '0.7',
): { readonly bytecode: Hex } {
  return createRequire(import.meta.url)(`${packages[version]}/artifacts/${name}.json`)
}

let lastAddress = 0xc0de_0000_0000n

export function freshAddress(): Address {
  lastAddress += 1n
  return `0x${lastAddress.toString(16).padStart(40, '0')}`
}
