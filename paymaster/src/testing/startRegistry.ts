// The real registry of bundlers for a test, and a bundler in it. Until an epoch is rolled the schedule is open: whoever is
// registered is in turn.

import { worldland } from '@worldland-aa/sdk/chains/worldland'
import {
  bundlerRegistrationTypes,
  bundlingDomain,
  executorConsentTypes,
} from '@worldland-aa/sdk/protocol/bundling'
import {
  type Abi,
  type Address,
  createWalletClient,
  type Hex,
  http,
  type PrivateKeyAccount,
  parseEther,
  slice,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { type Chain, compiled } from './startChain.ts'

export type Registry = {
  readonly address: Address
  /** Registers a bundler whose bundles `executor` sends; what it earns goes to an account of its own. */
  register(executor: PrivateKeyAccount): Promise<{ readonly bundlerId: number; readonly operator: Address }>
  send(from: PrivateKeyAccount, functionName: string, args: readonly unknown[], value?: bigint): Promise<void>
  read(functionName: string, args?: readonly unknown[]): Promise<unknown>
}

const terms = {
  minimumStakeWei: parseEther('1'),
  strikeWei: parseEther('0.01'),
  promiseFineWei: parseEther('0.1'),
  equivocationFineWei: parseEther('0.5'),
  challengeDepositWei: parseEther('0.1'),
  exitDelayBlocks: 2_000,
  challengeBlocks: 256,
  answerBlocks: 32,
}

export async function startRegistry(chain: Chain): Promise<Registry> {
  const { client } = chain
  const contract = compiled('BundlerRegistry')
  const abi: Abi = contract.abi
  const address = await chain.create(contract, [chain.entryPoint, terms])
  const domain = bundlingDomain(await client.getChainId(), address)

  async function send(
    from: PrivateKeyAccount,
    functionName: string,
    args: readonly unknown[],
    value = 0n,
  ): Promise<void> {
    const wallet = createWalletClient({ chain: worldland, transport: http(chain.anvil.url), account: from })
    const hash = await wallet.writeContract({ address, abi, functionName, args: [...args], value } as never)
    const { status } = await client.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`BundlerRegistry.${functionName} reverted`)
  }
  const read = (functionName: string, args: readonly unknown[] = []): Promise<unknown> =>
    client.readContract({ address, abi, functionName, args: [...args] } as never)

  return {
    address,
    send,
    read,
    async register(executor) {
      const [operator, node] = [generatePrivateKey(), generatePrivateKey()].map(key =>
        privateKeyToAccount(key),
      ) as [PrivateKeyAccount, PrivateKeyAccount]
      const funded = await chain.wallet.sendTransaction({ to: operator.address, value: parseEther('3') })
      await client.waitForTransactionReceipt({ hash: funded })
      const possession = await node.signTypedData({
        ...{ domain, types: bundlerRegistrationTypes, primaryType: 'BundlerRegistration' },
        message: { operator: operator.address },
      })
      const publicKey: Hex = slice(node.publicKey, 1)
      await send(operator, 'register', [publicKey, possession, ''], parseEther('2'))
      const bundlerId = Number(await read('bundlerOfKey', [node.address]))
      const consent = await executor.signTypedData({
        ...{ domain, types: executorConsentTypes, primaryType: 'ExecutorConsent' },
        message: { bundlerId, operator: operator.address },
      })
      await send(operator, 'addExecutor', [bundlerId, consent])
      return { bundlerId, operator: operator.address }
    },
  }
}
