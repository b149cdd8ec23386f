// A person with a SimpleAccount and an unmodified client, for a test.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { decodePaymasterData, type PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import {
  type Address,
  encodeFunctionData,
  type Hex,
  http,
  maxUint256,
  parseEther,
  type Transport,
} from 'viem'
import {
  type BundlerClient,
  createBundlerClient,
  createPaymasterClient,
  type SmartAccount,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { Chain } from './startChain.ts'

/** What a bundler would estimate, generously. */
export const gas = { callGasLimit: 95_000n, verificationGasLimit: 400_000n, preVerificationGas: 55_000n }
export const fees = { maxFeePerGas: 2_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n }
export const stranger: Address = '0x9000000000000000000000000000000000000009'

/** Not deployed yet; holds `tokensWei` of the compute token. */
export async function newAccount(chain: Chain, tokensWei = parseEther('1')): Promise<SmartAccount> {
  const account = await toSimpleSmartAccount({
    client: chain.client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint: { address: chain.entryPoint, version: '0.7' },
    factoryAddress: chain.factory,
  })
  if (tokensWei > 0n) await chain.mintTokens(account.address, tokensWei)
  return account
}

/** `paymaster` true sends pm_* to the bundler's URL: the service stands in for it, since the gas is given. */
export function viemClient(
  chain: Chain,
  url: string,
  account: SmartAccount,
  paymaster: 'client' | true,
): BundlerClient<Transport, typeof worldland, SmartAccount> {
  return createBundlerClient({
    account,
    client: chain.client,
    chain: worldland,
    transport: http(url),
    paymaster: paymaster === true ? true : createPaymasterClient({ transport: http(url) }),
  }) as never
}

export type TestCall = { readonly to: Address; readonly data: Hex; readonly value?: bigint }

export function transferCall(chain: Chain, amountWei = 1n, to = stranger): TestCall {
  const data = encodeFunctionData({ abi: computeTokenAbi, functionName: 'transfer', args: [to, amountWei] })
  return { to: chain.token, data }
}

export function approveCall(chain: Chain, amountWei = maxUint256): TestCall {
  const args = [chain.paymaster, amountWei] as const
  return {
    to: chain.token,
    data: encodeFunctionData({ abi: computeTokenAbi, functionName: 'approve', args }),
  }
}

export async function tokensOf(chain: Chain, holder: Address): Promise<bigint> {
  const token = { address: chain.token, abi: computeTokenAbi } as const
  return await chain.client.readContract({ ...token, functionName: 'balanceOf', args: [holder] })
}

export async function depositOf(chain: Chain): Promise<bigint> {
  const paymaster = { address: chain.paymaster, abi: computePaymasterAbi } as const
  return await chain.client.readContract({ ...paymaster, functionName: 'getDeposit' })
}

export function modeOf(userOperation: object): PaymasterMode | undefined {
  return decodePaymasterData((userOperation as { paymasterData: Hex }).paymasterData)?.terms.mode
}

/** The operator plays a sponsor that fills the account's gas tank. */
export async function fillTank(chain: Chain, account: Address, amountWei: bigint): Promise<void> {
  const token = { address: chain.token, abi: computeTokenAbi } as const
  const paymaster = { address: chain.paymaster, abi: computePaymasterAbi } as const
  await chain.mintTokens(chain.owner.address, amountWei)
  const approval = { ...token, functionName: 'approve', args: [chain.paymaster, amountWei] } as const
  const filling = { ...paymaster, functionName: 'fillTank', args: [account, amountWei] } as const
  await chain.client.waitForTransactionReceipt({ hash: await chain.wallet.writeContract(approval) })
  await chain.client.waitForTransactionReceipt({ hash: await chain.wallet.writeContract(filling) })
}

/** A policy that sponsors token transfers and approvals, and SimpleAccounts. */
export function welcomePolicy(chain: Chain, change: object = {}): object {
  return {
    id: 'welcome',
    name: 'Welcome',
    default: true,
    factories: [chain.factory],
    contracts: [
      { address: chain.token, functions: ['approve(address,uint256)', 'transfer(address,uint256)'] },
    ],
    limits: { costPerOperationWei: '0.01ether', global: { costWei: '0.5ether' } },
    ...change,
  }
}
