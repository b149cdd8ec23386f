// A London chain with deployed accounts that can pay, for tests of what comes after validation.

import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { simpleAccountFactoryAbi } from '@worldland-aa/sdk/abi/simpleAccountFactory'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import {
  type Address,
  concatHex,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  http,
  type PrivateKeyAccount,
  type PublicClient,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { createPreVerificationGas } from '../estimation/preVerificationGas.ts'
import { paymasterCode } from '../validation/testing/assemble.ts'
import { contractArtifact } from '../validation/testing/chainAccess.ts'
import { freshAddress } from '../validation/testing/testChain.ts'
import type { UserOperation, ValidatedOperation } from '../validation/validatedOperation.ts'
import { validatedOperation } from './validated.ts'

export type AccountChain = {
  readonly url: string
  readonly anvil: Anvil['client']
  readonly client: PublicClient
  readonly accounts: readonly Address[]
  /** Mines one block, or so many. */
  mine(blocks?: number): Promise<void>
  /** Keys that hold `wei` each. */
  executors(count: number, wei?: bigint): Promise<readonly PrivateKeyAccount[]>
  /** A signed operation of an account, with what validation would have found out about it. */
  operation(
    account: Address,
    fields?: Partial<UserOperation>,
    known?: Partial<ValidatedOperation>,
  ): Promise<ValidatedOperation>
  /** A contract that pays for any operation, with so much in the EntryPoint. */
  acceptingPaymaster(depositWei: bigint): Promise<Address>
  deposit(address: Address, wei: bigint): Promise<void>
  /** Transaction hashes of the canonical inclusions of this operation. */
  landings(userOperationHash: Hex): Promise<readonly Hex[]>
  stop(): Promise<void>
}

const gwei = 10n ** 9n
const ether = 10n ** 18n
const deterministicDeployer: Address = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
const entryPointSalt: Hex = '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3'
const owner = privateKeyToAccount(generatePrivateKey())

/** Mines only when asked to unless `blockSeconds` is given. */
export async function startAccountChain(options: {
  accounts: number
  blockSeconds?: number
}): Promise<AccountChain> {
  const anvil = await startAnvil({ blockSeconds: 0 })
  const chain = defineChain({
    id: 103,
    name: 'WorldLand',
    nativeCurrency: { name: 'WLC', symbol: 'WLC', decimals: 18 },
    rpcUrls: { default: { http: [anvil.url] } },
  })
  const transport = http(anvil.url, { batch: { wait: 0 }, retryCount: 0 })
  const client = createPublicClient({ chain, transport, cacheTime: 0, pollingInterval: 20 }) as PublicClient
  const wallet = createWalletClient({ chain, transport, account: owner })
  await anvil.client.setBalance({ address: owner.address, value: 1_000n * ether })
  let nonce = 0

  async function send(transaction: { to?: Address; data: Hex; gas?: bigint; value?: bigint }): Promise<Hex> {
    const fees = { maxFeePerGas: 10n * gwei, maxPriorityFeePerGas: gwei }
    return await wallet.sendTransaction({ gas: 6_000_000n, ...fees, ...transaction, nonce: nonce++ })
  }
  const mine: AccountChain['mine'] = async (blocks = 1) => {
    for (let block = 0; block < blocks; block++) await anvil.client.mine({ blocks: 1 })
  }

  await send({
    to: deterministicDeployer,
    data: concatHex([entryPointSalt, contractArtifact('EntryPoint').bytecode]),
  })
  const argument = encodeAbiParameters([{ type: 'address' }], [entryPoint07Address])
  const creation = await send({
    data: concatHex([contractArtifact('SimpleAccountFactory').bytecode, argument]),
  })
  await mine()
  const factory = (await client.getTransactionReceipt({ hash: creation })).contractAddress as Address
  const salts = Array.from({ length: options.accounts }, (_, index) => BigInt(index))
  for (const salt of salts) {
    const args = [owner.address, salt] as const
    const data = encodeFunctionData({ abi: simpleAccountFactoryAbi, functionName: 'createAccount', args })
    await send({ to: factory, data, gas: 400_000n })
    if (salt % 50n === 49n) await mine()
  }
  await mine()
  const accounts = await Promise.all(
    salts.map(salt =>
      client.readContract({
        address: factory,
        abi: simpleAccountFactoryAbi,
        functionName: 'getAddress',
        args: [owner.address, salt],
      }),
    ),
  )
  for (const address of accounts) await anvil.client.setBalance({ address, value: ether })
  if (options.blockSeconds !== undefined)
    await anvil.client.setIntervalMining({ interval: options.blockSeconds })

  async function deposit(address: Address, wei: bigint): Promise<void> {
    const data = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [address] })
    // A test may have taken the chain back.
    nonce = await client.getTransactionCount({ address: owner.address })
    await send({ to: entryPoint07Address, data, value: wei })
    await mine()
  }

  async function headReference(): Promise<BlockReference> {
    const { number, hash } = await client.getBlock()
    return { number, hash }
  }

  return {
    url: anvil.url,
    anvil: anvil.client,
    client,
    accounts,
    mine,
    stop: anvil.stop,
    async executors(count, wei = 10n * ether) {
      const keys = Array.from({ length: count }, () => privateKeyToAccount(generatePrivateKey()))
      for (const { address } of keys) await anvil.client.setBalance({ address, value: wei })
      return keys
    },
    async operation(account, fields = {}, known = {}) {
      const unsigned: UserOperation = {
        sender: account,
        nonce: 0n,
        callData: encodeFunctionData({
          abi: simpleAccountAbi,
          functionName: 'execute',
          args: [account, 0n, '0x'],
        }),
        callGasLimit: 60_000n,
        verificationGasLimit: 100_000n,
        preVerificationGas: 0n,
        maxFeePerGas: 3n * gwei,
        maxPriorityFeePerGas: gwei,
        signature: `0x${'ff'.repeat(65)}`,
        ...fields,
      }
      const preVerificationGas =
        fields.preVerificationGas ??
        createPreVerificationGas({ bundleSize: 1, version: entryPoint07, fork: 'london' }).estimate(unsigned)
      const operation = { ...unsigned, preVerificationGas }
      const raw = validatedOperation(operation).userOperationHash
      const signature = await owner.signMessage({ message: { raw } })
      return validatedOperation({ ...operation, signature }, { verifiedAt: await headReference(), ...known })
    },
    async acceptingPaymaster(depositWei) {
      const address = freshAddress()
      await anvil.client.setCode({ address, bytecode: paymasterCode('') })
      if (depositWei > 0n) await deposit(address, depositWei)
      return address
    },
    deposit,
    async landings(userOpHash) {
      const logs = await client.getLogs({
        address: entryPoint07Address,
        event: userOperationEvent,
        args: { userOpHash },
        fromBlock: 0n,
      })
      return logs.map(({ transactionHash }) => transactionHash)
    },
  }
}

const userOperationEvent = {
  type: 'event',
  name: 'UserOperationEvent',
  inputs: [
    { name: 'userOpHash', type: 'bytes32', indexed: true },
    { name: 'sender', type: 'address', indexed: true },
    { name: 'paymaster', type: 'address', indexed: true },
    { name: 'nonce', type: 'uint256' },
    { name: 'success', type: 'bool' },
    { name: 'actualGasCost', type: 'uint256' },
    { name: 'actualGasUsed', type: 'uint256' },
  ],
} as const
