// Who sends the operations of the corpus: smart accounts of the SDK and of others, and bare contracts.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { type Address, type Hex, type LocalAccount, numberToHex, parseEther, parseGwei } from 'viem'
import type { SmartAccount, UserOperation, WebAuthnAccount } from 'viem/account-abstraction'
import { entryPoint07Abi } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import type { EstimateStage } from './estimateStage.ts'

/** As a wallet holds it before it knows any gas; `sign` makes it complete once it does. */
export type Subject = {
  readonly title: string
  /** With a stub for a signature. */
  readonly draft: UserOperation<'0.7'>
  readonly sign: (operation: UserOperation<'0.7'>) => Promise<UserOperation<'0.7'>>
  /** Whether the paymaster's limits were given with the draft, by whoever signs for it. */
  readonly hasGivenLimits?: boolean
  /** Whether its calls look at the gas they have left: what they need is not what they use. */
  readonly looksAtGas?: boolean
  /** Whether its calls pay into its deposit. */
  readonly deposits?: boolean
}

export type CallOfAccount = { readonly to: Address; readonly data?: Hex; readonly value?: bigint }

const fees = { maxFeePerGas: parseGwei('20'), maxPriorityFeePerGas: parseGwei('1') }
const noGas = { callGasLimit: 0n, verificationGasLimit: 0n, preVerificationGas: 0n }

export const keyNumber = (number: number): LocalAccount =>
  privateKeyToAccount(numberToHex(0xace0_0000 + number, { size: 32 }))

/** SimpleAccount number `index`, deployed or not. */
export async function simpleAccount({ chain }: EstimateStage, index: number): Promise<SmartAccount> {
  return await toSimpleSmartAccount({
    client: chain.client,
    owner: keyNumber(0),
    factoryAddress: chain.deployment.contracts.simpleAccountFactory,
    entryPoint: { address: entryPoint07Address, version: '0.7' },
    index: BigInt(index),
  })
}

/** Number `salt` of a key's, or of a passkey's, ComputeAccounts. */
export async function computeAccount(
  { chain }: EstimateStage,
  owner: LocalAccount | WebAuthnAccount,
  salt: number,
): Promise<SmartAccount> {
  const { contracts } = chain.deployment
  return await toComputeAccount({ client: chain.client as never, contracts, owner, salt: BigInt(salt) })
}

export async function draftOf(
  account: SmartAccount,
  calls: readonly CallOfAccount[],
): Promise<UserOperation<'0.7'>> {
  const { factory, factoryData } = await account.getFactoryArgs()
  return {
    sender: account.address,
    nonce: await account.getNonce(),
    ...(factory && factoryData && { factory, factoryData }),
    callData: await account.encodeCalls(calls),
    ...noGas,
    ...fees,
    signature: await account.getStubSignature(),
  }
}

export function signedBy(account: SmartAccount): Subject['sign'] {
  return async operation => ({
    ...operation,
    signature: await account.signUserOperation(operation as never),
  })
}

export async function subjectOf(
  title: string,
  account: SmartAccount,
  calls: readonly CallOfAccount[],
): Promise<Subject> {
  return { title, draft: await draftOf(account, calls), sign: signedBy(account) }
}

/** A contract that takes any signature. */
export async function bareSubject(
  stage: EstimateStage,
  title: string,
  operation: { sender: Address; callData: Hex; signature?: Hex } & Partial<UserOperation<'0.7'>>,
): Promise<Subject> {
  const nonce = await stage.chain.client.readContract({
    address: entryPoint07Address,
    abi: entryPoint07Abi,
    functionName: 'getNonce',
    args: [operation.sender, 0n],
  })
  const draft = { nonce, ...noGas, ...fees, signature: `0x${'5a'.repeat(65)}` as Hex, ...operation }
  return { title, draft, sign: async complete => complete }
}

/** Puts the account where its address is, at the faucet's expense. */
export async function deploy({ chain }: EstimateStage, account: SmartAccount): Promise<void> {
  const { factory, factoryData } = await account.getFactoryArgs()
  if (factory === undefined || factoryData === undefined) return
  const hash = await chain.faucet.sendTransaction({ to: factory, data: factoryData })
  await chain.faucet.waitForTransactionReceipt({ hash })
}

export async function depositFor(
  { chain }: EstimateStage,
  address: Address,
  wei = parseEther('5'),
): Promise<void> {
  const hash = await chain.faucet.writeContract({
    address: entryPoint07Address,
    abi: entryPoint07Abi,
    functionName: 'depositTo',
    args: [address],
    value: wei,
  })
  await chain.faucet.waitForTransactionReceipt({ hash })
}

export async function giveTokens({ chain }: EstimateStage, recipient: Address, wei: bigint): Promise<void> {
  const hash = await chain.faucet.writeContract({
    address: chain.deployment.contracts.token,
    abi: computeTokenAbi,
    functionName: 'depositTo',
    args: [recipient],
    value: wei,
  })
  await chain.faucet.waitForTransactionReceipt({ hash })
}
