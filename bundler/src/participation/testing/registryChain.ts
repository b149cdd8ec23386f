// A BundlerRegistry on a test's chain, and bundlers who register in it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  bundlerRegistrationTypes,
  bundlingDomain,
  executorConsentTypes,
} from '@worldland-aa/sdk/protocol/bundling'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Anvil } from '@worldland-aa/service/testing/startAnvil'
import {
  type Abi,
  type Address,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  type PrivateKeyAccount,
  type PublicClient,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

export type RegistryChain = {
  readonly address: Address
  readonly abi: Abi
  /** Registers a bundler of a new operator; its id. Mines. */
  register(bundler: NewBundler): Promise<number>
  /** In the name of a fresh account. Mines. */
  rollEpoch(): Promise<void>
  /** Until the head is this block. */
  mineTo(block: bigint): Promise<void>
  leaderAt(block: bigint, rank: number): Promise<number>
  isInTurn(bundlerId: number, block: bigint): Promise<boolean>
}

export type NewBundler = {
  readonly nodeKey: PrivateKeyAccount
  readonly executors?: readonly PrivateKeyAccount[]
  readonly stakeWei?: bigint
  readonly addresses?: string
}

const ether = 10n ** 18n
const minimumStakeWei = 10n * ether

/** Of a chain that mines only when asked to, or every transaction at once. */
export async function deployRegistry({
  client,
  anvil,
  exitDelayBlocks = 8_640,
}: {
  client: PublicClient
  anvil: Anvil['client']
  readonly exitDelayBlocks?: number
}): Promise<RegistryChain> {
  const path = join(import.meta.dirname, '../../../../contracts/artifacts/BundlerRegistry.json')
  const { abi, bytecode } = JSON.parse(readFileSync(path, 'utf8')) as { abi: Abi; bytecode: Hex }
  const deployer = await wealthy()

  async function wealthy(): Promise<PrivateKeyAccount> {
    const account = privateKeyToAccount(generatePrivateKey())
    await anvil.setBalance({ address: account.address, value: 10_000n * ether })
    return account
  }

  async function send(
    account: PrivateKeyAccount,
    { to, data, value = 0n }: { to?: Address; data: Hex; value?: bigint },
  ): Promise<Address | null | undefined> {
    const serializedTransaction = await account.signTransaction({
      chainId: 103,
      nonce: await client.getTransactionCount({ address: account.address }),
      ...(to && { to }),
      data,
      value,
      gas: 25_000_000n,
      maxFeePerGas: 50n * 10n ** 9n,
      maxPriorityFeePerGas: 10n ** 9n,
    })
    const hash = await client.sendRawTransaction({ serializedTransaction })
    await anvil.mine({ blocks: 1 })
    const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 50 })
    if (receipt.status !== 'success') throw new Error('a transaction of the test reverted')
    return receipt.contractAddress
  }

  const terms = {
    minimumStakeWei,
    strikeWei: ether,
    promiseFineWei: ether,
    equivocationFineWei: ether,
    challengeDepositWei: ether,
    exitDelayBlocks,
    challengeBlocks: 360,
    answerBlocks: 60,
  }
  const creation = encodeDeployData({ abi, bytecode, args: [entryPoint07Address, terms] })
  const contractAddress = await send(deployer, { data: creation })
  if (!contractAddress) throw new Error('the registry was not deployed')
  const address = contractAddress
  const domain = bundlingDomain(103, address)

  async function read<Value>(functionName: string, args: readonly unknown[]): Promise<Value> {
    return (await client.readContract({ address, abi, functionName, args })) as Value
  }

  return {
    address,
    abi,
    async register({ nodeKey, executors = [], stakeWei = minimumStakeWei, addresses = '' }) {
      const operator = await wealthy()
      const possession = await nodeKey.signTypedData({
        domain,
        types: bundlerRegistrationTypes,
        primaryType: 'BundlerRegistration',
        message: { operator: operator.address },
      })
      const publicKey: Hex = `0x${nodeKey.publicKey.slice(4)}`
      const args = [publicKey, possession, addresses] as const
      await send(operator, {
        to: address,
        data: encodeFunctionData({ abi, functionName: 'register', args }),
        value: stakeWei,
      })
      const bundlerId = await read<number>('bundlerOfKey', [nodeKey.address])
      for (const executor of executors) {
        const consent = await executor.signTypedData({
          domain,
          types: executorConsentTypes,
          primaryType: 'ExecutorConsent',
          message: { bundlerId, operator: operator.address },
        })
        const data = encodeFunctionData({ abi, functionName: 'addExecutor', args: [bundlerId, consent] })
        await send(operator, { to: address, data })
      }
      return bundlerId
    },
    async rollEpoch() {
      const data = encodeFunctionData({ abi, functionName: 'rollEpoch' })
      await send(await wealthy(), { to: address, data })
    },
    async mineTo(block) {
      const blocks = Number(block - (await client.getBlockNumber()))
      if (blocks > 0) await anvil.mine({ blocks })
    },
    leaderAt: (block, rank) => read('leader', [block, BigInt(rank)]),
    isInTurn: (bundlerId, block) => read('isInTurn', [bundlerId, block]),
  }
}
