// What the paymaster stands on, for a test: a London chain with the real EntryPoint v0.7, the real
// SimpleAccount factory, the compute token and the paymaster contract.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import {
  type Abi,
  type Address,
  concat,
  createPublicClient,
  createWalletClient,
  encodeDeployData,
  getContractAddress,
  type Hex,
  http,
  type PrivateKeyAccount,
  type PublicClient,
  parseEther,
  type Transport,
  type WalletClient,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

const deterministicDeployer: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const entryPointSalt: Hex = '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3'
/** Of anvil's first account, which owns everything here. */
const ownerKey: Hex = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

export type Chain = {
  readonly anvil: Anvil
  readonly client: PublicClient
  readonly owner: PrivateKeyAccount
  readonly ownerKey: Hex
  readonly wallet: WalletClient<Transport, typeof worldland, PrivateKeyAccount>
  readonly signerKey: Hex
  readonly entryPoint: Address
  readonly factory: Address
  readonly token: Address
  readonly paymaster: Address
  /** Gives compute tokens to `recipient`. */
  mintTokens(recipient: Address, amountWei: bigint): Promise<void>
  /** Puts one more contract on the chain. */
  create(contract: CompiledContract, args: readonly unknown[]): Promise<Address>
  stop(): Promise<void>
}

/** The paymaster has one signer, and the deposit and stake that are asked for. */
export async function startChain(options: { depositWei?: bigint; stakeWei?: bigint } = {}): Promise<Chain> {
  const { depositWei = parseEther('1'), stakeWei = parseEther('1') } = options
  const anvil = await startAnvil()
  const owner = privateKeyToAccount(ownerKey)
  const transport = http(anvil.url)
  const wallet = createWalletClient({ chain: worldland, transport, account: owner })
  const client = createPublicClient({ chain: worldland, transport, pollingInterval: 20 }) as PublicClient

  async function settle(hash: Hex): Promise<void> {
    const { status } = await client.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`A transaction of the set-up reverted: ${hash}`)
  }
  async function create(contract: CompiledContract, args: readonly unknown[]): Promise<Address> {
    const nonce = await client.getTransactionCount({ address: owner.address })
    const data = encodeDeployData({ abi: contract.abi, bytecode: contract.code, args })
    await settle(await wallet.sendTransaction({ data }))
    return getContractAddress({ from: owner.address, nonce: BigInt(nonce) })
  }

  const entryPointCode = concat([entryPointSalt, published('EntryPoint').code])
  await settle(await wallet.sendTransaction({ to: deterministicDeployer, data: entryPointCode }))
  const factory = await create(published('SimpleAccountFactory'), [entryPoint07Address])
  const token = await create(compiled('ComputeToken'), [])
  const paymaster = await create(compiled('ComputePaymaster'), [entryPoint07Address, token, owner.address])
  const signerKey = generatePrivateKey()
  const contract = { address: paymaster, abi: computePaymasterAbi } as const
  const signer = privateKeyToAccount(signerKey).address
  await settle(await wallet.writeContract({ ...contract, functionName: 'setSigner', args: [signer, true] }))
  if (depositWei > 0n) {
    await settle(await wallet.writeContract({ ...contract, functionName: 'deposit', value: depositWei }))
  }
  if (stakeWei > 0n) {
    await settle(
      await wallet.writeContract({ ...contract, functionName: 'addStake', args: [86_400], value: stakeWei }),
    )
  }
  return {
    anvil,
    client,
    owner,
    ownerKey,
    wallet,
    signerKey,
    entryPoint: entryPoint07Address,
    factory,
    token,
    paymaster,
    create,
    async mintTokens(recipient, amountWei) {
      await settle(
        await wallet.writeContract({
          address: token,
          abi: computeTokenAbi,
          functionName: 'depositTo',
          args: [recipient],
          value: amountWei,
        }),
      )
    },
    stop: () => anvil.stop(),
  }
}

export type CompiledContract = { readonly abi: Abi; readonly code: Hex }

/** From the npm package, byte for byte as its authors published it. */
function published(name: string): CompiledContract {
  const require = createRequire(new URL('../../../contracts/package.json', import.meta.url))
  const { abi, bytecode } = require(`@account-abstraction/contracts/artifacts/${name}.json`)
  return { abi, code: bytecode }
}

/** Ours, as it is released. */
export function compiled(name: string): CompiledContract {
  const path = new URL(`../../../contracts/artifacts/${name}.json`, import.meta.url)
  const { abi, bytecode } = JSON.parse(readFileSync(path, 'utf8'))
  return { abi, code: bytecode }
}
