// Brings the registration to what was asked for, step by step: what is done already is found on the chain, so a run
// that was broken off is taken up by the next.
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import {
  bundlerRegistrationTypes,
  bundlingDomain,
  executorConsentTypes,
} from '@worldland-aa/sdk/protocol/bundling'
import { type Address, formatEther, getContract, type Hash, type Hex, type PublicClient, slice } from 'viem'
import { sendTransaction } from 'viem/actions'
import type { Budget } from './funds.ts'
import type { Household } from './household.ts'
import type { Operator } from './operator.ts'

export type RegistrationOptions = {
  readonly client: PublicClient
  readonly chainId: number
  readonly registry: Address
  readonly household: Household
  /** In all, with what is staked already. */
  readonly stakeWei: bigint
  /** libp2p multiaddrs that others dial. */
  readonly addresses: readonly string[]
  /** What each executor should have. */
  readonly executorWei: bigint
  readonly canaryWei: bigint
  readonly say: (line: string) => void
}

/** Registering, adding executors, and an epoch or two to roll. */
const gasAllowance = 8_000_000n

/** What of it is still to be paid. */
export async function budgetOf(options: RegistrationOptions): Promise<Budget> {
  const { client, stakeWei } = options
  const staked = (await currentOf(options))?.stakeWei ?? 0n
  const lacking = await lackingOf(options)
  const { maxFeePerGas } = await client.estimateFeesPerGas()
  return {
    stakeWei: stakeWei > staked ? stakeWei - staked : 0n,
    executorsWei: sum(lacking.map(({ wei }) => wei)),
    canaryWei: options.canaryWei,
    gasWei: gasAllowance * maxFeePerGas,
  }
}

/** Throws with the reason where a transaction reverts. The id of the bundler. */
export async function register(options: RegistrationOptions, operator: Operator): Promise<number> {
  const { say } = options
  const found = await currentOf(options)
  const bundlerId = found?.bundlerId ?? (await registerNew(options, operator))
  if (found !== undefined) {
    say(`bundler ${bundlerId} is registered, with ${formatEther(found.stakeWei)} staked`)
    await raiseStake(options, operator, found)
    await renewAddresses(options, operator, found)
  }
  await addExecutors(options, operator, bundlerId)
  await fundExecutors(options, operator)
  return bundlerId
}

type Registered = { readonly bundlerId: number; readonly stakeWei: bigint; readonly addresses: string }

async function currentOf(options: RegistrationOptions): Promise<Registered | undefined> {
  const { household } = options
  const bundlerId = await contractOf(options).read.bundlerOfKey([household.node.account.address])
  if (bundlerId === 0) return undefined
  const { operator, stakeWei, addresses, exitBlock } = await contractOf(options).read.bundler([bundlerId])
  if (operator.toLowerCase() !== household.operator.account.address.toLowerCase()) {
    throw new Error(
      `node.key is registered by another operator, ${operator}: put that one's key into operator.key, or remove node.key to join with a new one`,
    )
  }
  if (exitBlock !== 0n) {
    throw new Error(
      `bundler ${bundlerId} is on its way out (its stake is free at block ${exitBlock}): remove node.key to join with a new one`,
    )
  }
  return { bundlerId, stakeWei, addresses }
}

async function registerNew(options: RegistrationOptions, operator: Operator): Promise<number> {
  const { chainId, registry, household, stakeWei, say } = options
  const { node } = household
  const possession = await node.account.signTypedData({
    domain: bundlingDomain(chainId, registry),
    types: bundlerRegistrationTypes,
    primaryType: 'BundlerRegistration',
    message: { operator: operator.account.address },
  })
  const details = [pointOf(node.account.publicKey), possession, options.addresses.join(',')] as const
  await mined(options, contractOf(options, operator).write.register(details, { value: stakeWei }))
  const bundlerId = await contractOf(options).read.bundlerOfKey([node.account.address])
  say(`registered as bundler ${bundlerId}, with ${formatEther(stakeWei)} staked`)
  return bundlerId
}

/** Without the 04 that says that both coordinates follow. */
export function pointOf(publicKey: Hex): Hex {
  return slice(publicKey, 1)
}

async function raiseStake(options: RegistrationOptions, operator: Operator, now: Registered): Promise<void> {
  const missingWei = options.stakeWei - now.stakeWei
  if (missingWei <= 0n) return
  await mined(options, contractOf(options, operator).write.topUp([now.bundlerId], { value: missingWei }))
  options.say(`staked ${formatEther(missingWei)} more`)
}

async function renewAddresses(
  options: RegistrationOptions,
  operator: Operator,
  now: Registered,
): Promise<void> {
  const wanted = options.addresses.join(',')
  if (wanted === now.addresses) return
  await mined(options, contractOf(options, operator).write.setAddresses([now.bundlerId, wanted]))
  options.say(`others dial ${wanted || 'no address of this bundler'} now`)
}

async function addExecutors(
  options: RegistrationOptions,
  operator: Operator,
  bundlerId: number,
): Promise<void> {
  const { chainId, registry, household, say } = options
  for (const { account } of household.executors) {
    const owner = await contractOf(options).read.bundlerOf([account.address])
    if (owner === bundlerId) continue
    const consent = await account.signTypedData({
      domain: bundlingDomain(chainId, registry),
      types: executorConsentTypes,
      primaryType: 'ExecutorConsent',
      message: { bundlerId, operator: operator.account.address },
    })
    await mined(options, contractOf(options, operator).write.addExecutor([bundlerId, consent]))
    say(`executor ${account.address} sends for bundler ${bundlerId}`)
  }
}

async function fundExecutors(options: RegistrationOptions, operator: Operator): Promise<void> {
  for (const { address, wei } of await lackingOf(options)) {
    const { account, chain } = operator
    await mined(options, sendTransaction(operator, { account, chain, to: address, value: wei }))
    options.say(`sent ${formatEther(wei)} to executor ${address}`)
  }
}

/** An executor with half of what it should have sends bundles still, and gets its gas back by them. */
async function lackingOf({
  client,
  household,
  executorWei,
}: RegistrationOptions): Promise<readonly { readonly address: Address; readonly wei: bigint }[]> {
  const all = await Promise.all(
    household.executors.map(async ({ account: { address } }) => ({
      address,
      balanceWei: await client.getBalance({ address }),
    })),
  )
  return all
    .filter(({ balanceWei }) => balanceWei < executorWei / 2n)
    .map(({ address, balanceWei }) => ({ address, wei: executorWei - balanceWei }))
}

function contractOf(options: RegistrationOptions, operator?: Operator) {
  const { client, registry } = options
  // Reading needs no key; writing is asked of those alone who hold it.
  const wallet = operator as Operator
  return getContract({ address: registry, abi: bundlerRegistryAbi, client: { public: client, wallet } })
}

async function mined({ client }: RegistrationOptions, sent: Promise<Hash>): Promise<void> {
  await waitForTransaction(client, { hash: await sent })
}

function sum(all: readonly bigint[]): bigint {
  return all.reduce((total, wei) => total + wei, 0n)
}
