// `worldland-bundler check`: would `start` serve with these settings? Asks all that a start asks, and changes nothing.
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { readGenesisHash } from '@worldland-aa/service/chain/readGenesisHash'
import { type CheckLine, obstacle, tellCheck } from '@worldland-aa/service/cli/checkReport'
import { subcommand } from '@worldland-aa/service/cli/subcommand'
import { examineDataFile } from '@worldland-aa/service/database/examineDataFile'
import { parsePrivateKeys } from '@worldland-aa/service/keys/parsePrivateKeys'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { formatEther, formatGwei, type PublicClient } from 'viem'
import { backups } from './backups.ts'
import { settledProfile } from './chains/chainProfile.ts'
import { examineNode } from './checkNode.ts'
import { type BundlerConfig, bundlerDefinition } from './config.ts'
import { askPaymaster } from './paymaster/askPaymaster.ts'
import { baseFeeProblem, feeLimitFrom } from './submission/feeLimit.ts'
import { readAlternativeMempools } from './validation/readAlternativeMempools.ts'

export const checkCommand = subcommand({
  name: 'check',
  description: 'tell whether start would serve with these settings, and what it lacks; exits with 1 if not',
  example: '  worldland-bundler check --rpc-url http://127.0.0.1:8545 --executor-keys-file executors.txt',
  definition: bundlerDefinition,
  run: async config => tellCheck('worldland-bundler', await checkLines(config)),
})

async function checkLines(config: BundlerConfig): Promise<readonly CheckLine[]> {
  const node = await connectNode(config.rpcUrl)
  const { client, chainId } = node
  const profile = settledProfile(chainId, config)
  const identity = {
    chain_id: chainId,
    genesis_hash: await readGenesisHash(client),
    entry_point: config.entryPoint.toLowerCase(),
  }
  const { obstacles, tracer } = await examineNode(node, config)
  const mempools = readAlternativeMempools(config.alternativeMempools)
  return [
    { subject: 'chain', says: `${chainId} (${profile.name})` },
    ...(obstacles.length === 0
      ? [
          {
            subject: 'node',
            says: `serves what is needed, traced by ${tracer} (worldland-bundler probe tells more)`,
          },
        ]
      : obstacles.map(problem => obstacle('node', problem))),
    ...(await executorLines(client, config)),
    ...(await feeLine(client, config, profile.minimumPriorityFeePerGasWei)),
    ...(mempools.ok ? [] : [obstacle('alternative mempools', mempools.refusal.message)]),
    await paymasterLine(config, chainId),
    examineDataFile(config.dataFile, backups.kind, identity),
  ]
}

/** One that can send is enough. */
async function executorLines(client: PublicClient, config: BundlerConfig): Promise<readonly CheckLine[]> {
  const subject = 'executor'
  const keys = parsePrivateKeys(config.executorKeys)
  if (!keys.ok) return [obstacle(subject, keys.refusal.message)]
  const leastWei = config.minimumExecutorBalanceWei
  const found = await Promise.all(
    keys.value.map(async ({ address }) => ({ address, wei: await client.getBalance({ address }) })),
  )
  const isServed = found.some(({ wei }) => wei >= leastWei)
  return found.map(({ address, wei }) => {
    const has = `${address} has ${formatEther(wei)}`
    if (wei >= leastWei) return { subject, says: has }
    const says = `${has}, below ${formatEther(leastWei)}: send it coin, until then it is set aside`
    return { subject, says, isObstacle: !isServed, isDrawback: true }
  })
}

async function feeLine(
  client: PublicClient,
  config: BundlerConfig,
  minimumPriorityFeePerGasWei: bigint,
): Promise<readonly CheckLine[]> {
  const subject = 'fees'
  try {
    const limit = feeLimitFrom({ minimumPriorityFeePerGasWei }, config)
    const { baseFeePerGas } = await client.getBlock()
    const problem = baseFeeProblem(limit, baseFeePerGas ?? 0n)
    const says = `up to ${formatGwei(limit.maxFeePerGasWei)} gwei; the base fee is ${formatGwei(baseFeePerGas ?? 0n)}`
    return [problem === undefined ? { subject, says } : obstacle(subject, problem)]
  } catch (error) {
    return [obstacle(subject, reasonOf(error))]
  }
}

/** Without an answer the bundler serves all the same, but for pm_*. */
async function paymasterLine({ paymasterUrl }: BundlerConfig, chainId: number): Promise<CheckLine> {
  const subject = 'paymaster'
  if (paymasterUrl === undefined) return { subject, says: 'none (--paymaster-url): pm_* is not answered' }
  const { origin } = new URL(paymasterUrl)
  const answer = await askPaymaster(paymasterUrl, 'eth_chainId', [])
  if (!answer.ok) {
    const says = `${origin}: ${answer.refusal.message}; pm_* is refused until it answers`
    return { subject, says, isDrawback: true }
  }
  const its = Number(answer.value)
  return its === chainId
    ? { subject, says: `${origin} answers` }
    : obstacle(subject, `${origin} serves chain ${its}, not ${chainId}: give another by --paymaster-url`)
}
