// `worldland-bundler leave`: out of the registry with the stake, in two steps that the chain keeps apart; run again, it goes on
// where it was. What reports and the court owe the operator is paid out on the way.
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import { creditOf } from '@worldland-aa/sdk/abi/promiseCourt'
import { claimBundlerReward } from '@worldland-aa/sdk/actions/bundling/claimBundlerReward'
import { requestBundlerExit } from '@worldland-aa/sdk/actions/bundling/requestBundlerExit'
import { withdrawBundlerStake } from '@worldland-aa/sdk/actions/bundling/withdrawBundlerStake'
import { withdrawCourtCredit } from '@worldland-aa/sdk/actions/bundling/withdrawCourtCredit'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { subcommand } from '@worldland-aa/service/cli/subcommand'
import { optionalAddress } from '@worldland-aa/service/config/setting'
import { type PrivateKey, parseKeys } from '@worldland-aa/service/keys/parsePrivateKeys'
import { type Address, formatEther, type PublicClient } from 'viem'
import { bundlerSettings } from '../config.ts'
import { type Operator, operatorOf } from './join/operator.ts'

const { rpcUrl, bundlerRegistry, nodeKey, operatorKey } = bundlerSettings

export const leaveCommand = subcommand({
  name: 'leave',
  description:
    'leave the registry with the stake: asks for it first, and once the delay is over, run again, pays it out, with rewards and deposits',
  example: '  worldland-bundler leave --config worldland-bundler/bundler.json --to 0x…',
  definition: {
    prefix: 'WORLDLAND_BUNDLER',
    settings: {
      rpcUrl,
      bundlerRegistry,
      nodeKey,
      operatorKey,
      to: optionalAddress({
        group: 'Leaving',
        describe: "who gets the coin; unless given, the operator's own account",
      }),
    },
    alsoInFile: bundlerSettings,
  },
  async run(settings) {
    const { bundlerRegistry: registry } = settings
    if (registry === undefined) throw usage('give --bundler-registry: the stake lies there')
    const node = await connectNode(settings.rpcUrl)
    const operator = operatorOf(node, settings.rpcUrl, keyIn(settings.operatorKey, 'operator').account)
    const nodeAddress = keyIn(settings.nodeKey, 'node').account.address
    const to = settings.to ?? operator.account.address
    await takeStake({ client: node.client, operator, registry, nodeAddress, to })
    await takeCredits({ client: node.client, operator, registry, to })
    return exitCodes.done
  },
})

type Leaving = {
  readonly client: PublicClient
  readonly operator: Operator
  readonly registry: Address
  readonly to: Address
}

async function takeStake(leaving: Leaving & { readonly nodeAddress: Address }): Promise<void> {
  const { client, operator, registry, nodeAddress, to } = leaving
  const contract = { address: registry, abi: bundlerRegistryAbi } as const
  const contracts = { bundlerRegistry: registry }
  const bundlerId = await client.readContract({
    ...contract,
    functionName: 'bundlerOfKey',
    args: [nodeAddress],
  })
  if (bundlerId === 0) return say(`the node's key ${nodeAddress} is not registered, or has left already`)
  const { exitBlock } = await client.readContract({ ...contract, functionName: 'bundler', args: [bundlerId] })
  const head = await client.getBlockNumber({ cacheTime: 0 })
  if (exitBlock === 0n) {
    const asked = await requestBundlerExit(operator, { contracts, bundlerId })
    return say(
      `bundler ${bundlerId} leads no more from the next epoch on; let the node run until then, and run this again from block ${asked.exitBlock} on for the stake (${asked.transactionHash})`,
    )
  }
  if (head + 1n < exitBlock)
    return say(
      `the stake of bundler ${bundlerId} is free from block ${exitBlock} on: ${exitBlock - head} more`,
    )
  const { amountWei, transactionHash } = await withdrawBundlerStake(operator, {
    contracts,
    bundlerId,
    to,
  })
  say(`bundler ${bundlerId} has left: ${formatEther(amountWei)} coin are paid to ${to} (${transactionHash})`)
}

async function takeCredits({ client, operator, registry, to }: Leaving): Promise<void> {
  const contract = { address: registry, abi: bundlerRegistryAbi } as const
  const { address } = operator.account
  const court = await client.readContract({ ...contract, functionName: 'court' })
  const [rewardWei, creditWei] = await Promise.all([
    client.readContract({ ...contract, functionName: 'rewardOf', args: [address] }),
    client.readContract({ address: court, abi: [creditOf], functionName: 'creditOf', args: [address] }),
  ])
  if (rewardWei > 0n) {
    const contracts = { bundlerRegistry: registry }
    const { amountWei } = await claimBundlerReward(operator, { contracts, to })
    say(`rewards for reports: ${formatEther(amountWei)} coin are paid to ${to}`)
  }
  if (creditWei > 0n) {
    const { amountWei } = await withdrawCourtCredit(operator, { court, to })
    say(`deposits before the court: ${formatEther(amountWei)} coin are paid to ${to}`)
  }
}

function keyIn(text: string | undefined, whose: 'operator' | 'node'): PrivateKey {
  const keys = text === undefined ? undefined : parseKeys(text)
  if (keys === undefined) throw usage(`give --${whose}-key-file`)
  if (!keys.ok) throw new ExitError(exitCodes.configuration, `${whose}Key: ${keys.refusal.message}`)
  const [first] = keys.value
  if (first === undefined) throw usage(`the ${whose} key file holds no key`)
  return first
}

function usage(message: string): ExitError {
  return new ExitError(exitCodes.usage, message)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
