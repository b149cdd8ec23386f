// A smart wallet of others, as small as can be: it sends what `wallet_sendCalls` (ERC-5792) brings as one user operation
// of its own SimpleAccount, and asks the `paymasterService` (ERC-7677) that the page names.
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { type Address, type Hex, http, type LocalAccount, numberToHex, type PublicClient } from 'viem'
import { createBundlerClient, createPaymasterClient, entryPoint07Address } from 'viem/account-abstraction'
import type { DevnetFile } from '../../scripts/devnet/startDevnet.ts'
import { type InjectedWallet, injectedWallet } from './injectedWallet.ts'

type SentCalls = {
  readonly calls: readonly { readonly to: Address; readonly data?: Hex; readonly value?: Hex }[]
  readonly capabilities?: { readonly paymasterService?: { readonly url: string; readonly context?: unknown } }
}

export async function callsWallet(options: {
  readonly devnet: DevnetFile
  readonly client: PublicClient
  readonly owner: LocalAccount
}): Promise<InjectedWallet> {
  const { devnet, client, owner } = options
  const account = await toSimpleSmartAccount({
    client,
    owner,
    entryPoint: { address: entryPoint07Address, version: '0.7' },
    factoryAddress: devnet.contracts.simpleAccountFactory,
  })
  const bundler = createBundlerClient({
    account,
    client,
    transport: http(devnet.bundlerUrl),
    pollingInterval: 100,
  })
  const wallet = await injectedWallet({
    rpcUrl: devnet.rpcUrl,
    handlers: {
      eth_requestAccounts: async () => [account.address],
      eth_accounts: async () => [account.address],
      async wallet_getCapabilities() {
        return {
          [numberToHex(devnet.chainId)]: {
            atomic: { status: 'supported' },
            paymasterService: { supported: true },
          },
        }
      },
      async wallet_sendCalls([{ calls, capabilities }]: readonly unknown[] & readonly [SentCalls]) {
        const service = capabilities?.paymasterService
        const id = await bundler.sendUserOperation({
          calls: calls.map(({ to, data = '0x', value = '0x0' }) => ({ to, data, value: BigInt(value) })),
          ...(service && {
            paymaster: createPaymasterClient({ transport: http(service.url) }),
            paymasterContext: service.context,
          }),
        })
        return { id, capabilities }
      },
      async wallet_getCallsStatus([id]: readonly unknown[] & readonly [Hex]) {
        const found = await bundler.getUserOperationReceipt({ hash: id }).catch(() => undefined)
        const status = found === undefined ? 100 : found.success ? 200 : 500
        const receipts = found && [
          {
            logs: found.logs,
            status: numberToHex(found.success ? 1 : 0),
            blockHash: found.receipt.blockHash,
            blockNumber: numberToHex(found.receipt.blockNumber),
            gasUsed: numberToHex(found.receipt.gasUsed),
            transactionHash: found.receipt.transactionHash,
          },
        ]
        return { version: '2.0.0', id, chainId: numberToHex(devnet.chainId), atomic: true, status, receipts }
      },
    } as never,
  })
  return {
    ...wallet,
    address: account.address,
    get asked() {
      return wallet.asked
    },
  }
}
