// The load: no-op operations of many funded SimpleAccounts, signed before the clock starts, each under
// a nonce key of its own so that none waits for another.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountAbi } from '@worldland-aa/sdk/abi/simpleAccount'
import { simpleAccountFactoryAbi } from '@worldland-aa/sdk/abi/simpleAccountFactory'
import { type Address, concat, encodeFunctionData, type Hex, keccak256, numberToHex, type PublicClient, toHex, type WalletClient, type PrivateKeyAccount, type Chain, type Transport } from 'viem'
import { formatUserOperationRequest, getUserOperationHash, type UserOperation } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'

export type BenchAccount = { readonly address: Address; readonly owner: PrivateKeyAccount }
export type Funder = WalletClient<Transport, Chain, PrivateKeyAccount>
export type GasFields = Pick<
  UserOperation<'0.7'>,
  'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas' | 'maxFeePerGas' | 'maxPriorityFeePerGas'
>

const depositWei = 10n ** 18n
const accountsPerWave = 50

/** Deploys `count` accounts and deposits for their gas; the same seed finds the same accounts again. */
export async function prepareAccounts(options: {
  count: number
  entryPoint: Address
  factory: Address
  client: PublicClient
  funder: Funder
}): Promise<BenchAccount[]> {
  const { count, client, factory } = options
  const accounts: BenchAccount[] = []
  for (let start = 0; start < count; start += accountsPerWave) {
    const wave = Array.from({ length: Math.min(accountsPerWave, count - start) }, (_, index) => start + index)
    accounts.push(...(await Promise.all(wave.map(index => describeAccount(index, client, factory)))))
  }
  const missing = (
    await Promise.all(accounts.map(async account => ((await client.getCode(account)) ? undefined : account)))
  ).filter(account => account !== undefined)
  for (let start = 0; start < missing.length; start += accountsPerWave) {
    await createWave(missing.slice(start, start + accountsPerWave), options)
  }
  return accounts
}

async function describeAccount(index: number, client: PublicClient, factory: Address): Promise<BenchAccount> {
  const owner = privateKeyToAccount(keccak256(toHex(`worldland-aa bench account ${index}`)))
  const address = await client.readContract({
    address: factory,
    abi: simpleAccountFactoryAbi,
    functionName: 'getAddress',
    args: [owner.address, 0n],
  })
  return { address, owner }
}

async function createWave(
  wave: readonly BenchAccount[],
  { client, funder, factory, entryPoint }: { client: PublicClient; funder: Funder; factory: Address; entryPoint: Address },
): Promise<void> {
  let nonce = await client.getTransactionCount({ address: funder.account.address, blockTag: 'pending' })
  const hashes: Hex[] = []
  for (const { address, owner } of wave) {
    const create = encodeFunctionData({ abi: simpleAccountFactoryAbi, functionName: 'createAccount', args: [owner.address, 0n] })
    const deposit = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [address] })
    hashes.push(await funder.sendTransaction({ to: factory, data: create, nonce: nonce++, gas: 400_000n }))
    hashes.push(await funder.sendTransaction({ to: entryPoint, data: deposit, value: depositWei, nonce: nonce++, gas: 100_000n }))
  }
  for (const hash of hashes) await client.waitForTransactionReceipt({ hash, pollingInterval: 200 })
}

/** A no-op of `account` under nonce key `key`, complete but for the signature. */
export function unsignedOperation(account: BenchAccount, key: bigint, gas: GasFields): UserOperation<'0.7'> {
  return {
    sender: account.address,
    nonce: key << 64n,
    callData: encodeFunctionData({
      abi: simpleAccountAbi,
      functionName: 'execute',
      args: ['0x000000000000000000000000000000000000dEaD', 0n, '0x'],
    }),
    ...gas,
    // A well-formed signature of nobody, for estimates.
    signature: concat([numberToHex(1n, { size: 32 }), numberToHex(1n, { size: 32 }), '0x1b']),
  }
}

/** The JSON-RPC parameters of a signed operation, ready to send. */
export async function signedRequest(options: {
  account: BenchAccount
  key: bigint
  gas: GasFields
  chainId: number
  entryPoint: Address
}): Promise<{ hash: Hex; wire: object }> {
  const { account, key, gas, chainId, entryPoint } = options
  const operation = unsignedOperation(account, key, gas)
  const hash = getUserOperationHash({
    userOperation: operation,
    chainId,
    entryPointAddress: entryPoint,
    entryPointVersion: '0.7',
  })
  const signature = await account.owner.signMessage({ message: { raw: hash } })
  return { hash, wire: formatUserOperationRequest({ ...operation, signature }) }
}
