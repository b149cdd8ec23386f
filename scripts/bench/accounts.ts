// The senders of the load: SimpleAccounts with a gas deposit in the EntryPoint. The same number finds
// the same accounts again, so a second run on a chain creates nothing.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { simpleAccountFactoryAbi } from '@worldland-aa/sdk/abi/simpleAccountFactory'
import { type Address, encodeFunctionData, type Hex, keccak256, type PrivateKeyAccount, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'

export type BenchAccount = { readonly address: Address; readonly owner: PrivateKeyAccount }

export type AccountsOptions = {
  readonly count: number
  readonly entryPoint: Address
  readonly factory: Address
  readonly funder: DeploymentClient
}

/** Enough for the whole load of one account at any fee the load offers. */
const depositWei = 10n ** 18n / 5n
const accountsPerWave = 50

/** Deploys what is missing of `count` accounts and fills up their deposits. */
export async function prepareAccounts(options: AccountsOptions): Promise<readonly BenchAccount[]> {
  const accounts: BenchAccount[] = []
  for (let start = 0; start < options.count; start += accountsPerWave) {
    const indices = Array.from(
      { length: Math.min(accountsPerWave, options.count - start) },
      (_, offset) => start + offset,
    )
    const wave = await Promise.all(indices.map(index => describeAccount(index, options)))
    await completeWave(wave, options)
    accounts.push(...wave)
  }
  return accounts
}

async function describeAccount(index: number, { funder, factory }: AccountsOptions): Promise<BenchAccount> {
  const owner = privateKeyToAccount(keccak256(toHex(`worldland-aa bench account ${index}`)))
  const address = await funder.readContract({
    address: factory,
    abi: simpleAccountFactoryAbi,
    functionName: 'getAddress',
    args: [owner.address, 0n],
  })
  return { address, owner }
}

async function completeWave(wave: readonly BenchAccount[], options: AccountsOptions): Promise<void> {
  const { funder, factory, entryPoint } = options
  let nonce = await funder.getTransactionCount({ address: funder.account.address, blockTag: 'pending' })
  const hashes: Hex[] = []
  for (const { address, owner } of wave) {
    if ((await funder.getCode({ address })) === undefined) {
      const create = encodeFunctionData({
        abi: simpleAccountFactoryAbi,
        functionName: 'createAccount',
        args: [owner.address, 0n],
      })
      hashes.push(await funder.sendTransaction({ to: factory, data: create, nonce: nonce++, gas: 400_000n }))
    }
    const held = await funder.readContract({
      address: entryPoint,
      abi: entryPoint07Abi,
      functionName: 'balanceOf',
      args: [address],
    })
    if (held < depositWei / 2n) {
      const deposit = encodeFunctionData({ abi: entryPoint07Abi, functionName: 'depositTo', args: [address] })
      const value = depositWei - held
      hashes.push(
        await funder.sendTransaction({ to: entryPoint, data: deposit, value, nonce: nonce++, gas: 100_000n }),
      )
    }
  }
  for (const hash of hashes) {
    const receipt = await funder.waitForTransactionReceipt({ hash, pollingInterval: 200 })
    if (receipt.status !== 'success')
      throw new Error(`Transaction ${hash}, which readies an account, reverted`)
  }
}
