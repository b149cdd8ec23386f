// `worldland-paymaster check`: would `start` serve with these settings, and how much coin does it want? Asks all that a
// start asks, and changes nothing.
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { type CheckLine, obstacle, tellCheck } from '@worldland-aa/service/cli/checkReport'
import { subcommand } from '@worldland-aa/service/cli/subcommand'
import { examineDataFile } from '@worldland-aa/service/database/examineDataFile'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Address, formatEther, getAddress, isAddressEqual, type PublicClient } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { z } from 'zod'
import { backups } from './backups.ts'
import { type PaymasterConfig, paymasterDefinition, paymasterSettings } from './config.ts'
import { leastDepositWei, leastTreasuryWei } from './leastFunds.ts'
import { loadPolicies } from './policy/loadPolicies.ts'
import { createPolicySecrets } from './policy/webhook/policySecrets.ts'
import { webhookExaminer } from './policy/webhook/webhookExaminer.ts'
import { type LeaderTipOnChain, readLeaderTip } from './pricing/leaderTip.ts'
import { checkTokens } from './pricing/tokens/checkTokens.ts'
import { settingsProblem } from './settingsProblem.ts'
import { keyRingOf } from './signing/keyRing.ts'
import { type ContractFacts, readContractFacts } from './treasury/contractFacts.ts'
import { readFunds } from './treasury/readFunds.ts'

/** Before there is a signer the rest can be asked all the same. */
const signerKey = {
  ...paymasterSettings.signerKey,
  schema: z.union([paymasterSettings.signerKey.schema, z.undefined()]) as z.ZodType<string | undefined>,
}

type CheckConfig = Omit<PaymasterConfig, 'signerKey'> & { readonly signerKey: string | undefined }

export const checkCommand = subcommand({
  name: 'check',
  description:
    'tell whether start would serve with these settings, how much coin it wants and what it lacks; exits with 1 if not',
  example:
    '  worldland-paymaster check --rpc-url http://127.0.0.1:8545 --paymaster 0x… --signer-key-file signer.key --treasury-key-file treasury.key',
  definition: {
    prefix: paymasterDefinition.prefix,
    settings: { ...paymasterSettings, signerKey },
  },
  run: async config => tellCheck('worldland-paymaster', await checkLines(config)),
})

async function checkLines(config: CheckConfig): Promise<readonly CheckLine[]> {
  const { client, chainId } = await connectNode(config.rpcUrl)
  const problem = settingsProblem(config)
  const settings = problem === undefined ? [] : [obstacle('settings', problem)]
  const chain = { subject: 'chain', says: String(chainId) }
  const contracts = await contractLines(client, config)
  const tokens = await checkTokens({
    ...{ client, chainId, file: config.tokens },
    allowPrivateNetworks: config.webhookPrivateNetworks,
  })
  return [chain, ...settings, ...contracts, policyLine(config), ...tokens, await bundlerLine(config)]
}

async function contractLines(client: PublicClient, config: CheckConfig): Promise<readonly CheckLine[]> {
  const [entryPoint, paymaster] = [getAddress(config.entryPoint), getAddress(config.paymaster)]
  const { signerKey, signerKeyFile, allowOpenKeyFiles } = config
  const signers =
    signerKey === undefined ? [] : keyRingOf({ signerKey, signerKeyFile, allowOpenKeyFiles }).signers()
  let facts: ContractFacts
  try {
    facts = await readContractFacts({ client, entryPoint, paymaster, signers: [] })
  } catch (error) {
    return [obstacle('contracts', reasonOf(error))]
  }
  const { chainId, genesisHash, owner } = facts
  const identity = {
    chain_id: chainId,
    genesis_hash: genesisHash,
    entry_point: entryPoint.toLowerCase(),
    paymaster: paymaster.toLowerCase(),
  }
  return [
    { subject: 'contracts', says: `paymaster ${paymaster} of ${owner}, EntryPoint ${entryPoint}` },
    await signerLine({ client, entryPoint, paymaster, signers: signers.map(({ address }) => address) }),
    ...(await fundLines(client, config, facts, await readLeaderTip(client, paymaster))),
    examineDataFile(config.dataFile, backups.kind, identity),
  ]
}

async function signerLine(place: {
  client: PublicClient
  entryPoint: Address
  paymaster: Address
  signers: readonly Address[]
}): Promise<CheckLine> {
  const { signers } = place
  if (signers.length === 0) {
    return obstacle(
      'signer',
      'no key: worldland-paymaster keys new --output signer.key, then --signer-key-file',
    )
  }
  try {
    await readContractFacts(place)
    return {
      subject: 'signer',
      says: `${signers.join(', ')}: ${signers.length === 1 ? 'trusted by the contract' : 'the contract trusts one at least'}`,
    }
  } catch (error) {
    return obstacle('signer', reasonOf(error))
  }
}

/** What is missing, and whether the treasury pays it. */
async function fundLines(
  client: PublicClient,
  config: CheckConfig,
  facts: ContractFacts,
  leaderTip: LeaderTipOnChain,
): Promise<readonly CheckLine[]> {
  const { entryPoint, paymaster, owner } = facts
  const treasury = config.treasuryKey && privateKeyToAddress(config.treasuryKey)
  const [funds, { baseFeePerGas }] = await Promise.all([
    readFunds({ client, entryPoint, paymaster, treasury }),
    client.getBlock(),
  ])
  const { depositWei, stakeWei, revenueWei, coinWei = 0n } = funds
  const isOwner = treasury !== undefined && isAddressEqual(treasury, owner)
  const missingStakeWei = above(config.stakeWei, stakeWei)
  const missingDepositWei = above(config.depositTargetWei, depositWei + revenueWei)
  const gasWei = 2n * leastTreasuryWei(baseFeePerGas ?? 0n)
  const wantedWei = missingDepositWei + (isOwner ? missingStakeWei : 0n) + gasWei
  const leastWei = leastDepositWei(baseFeePerGas ?? 0n, leaderTip.tipWei)
  const canServe = depositWei >= leastWei || (treasury !== undefined && coinWei >= wantedWei)
  const depositSays = `${formatEther(depositWei)} of ${formatEther(config.depositTargetWei)}`
  return [
    canServe
      ? {
          subject: 'deposit',
          says: depositWei >= leastWei ? depositSays : `${depositSays}: the treasury fills it up`,
        }
      : obstacle(
          'deposit',
          `${depositSays}, less than the ${formatEther(leastWei)} that one operation may cost: call deposit() on ${paymaster}, or give a key with coin by --treasury-key-file`,
        ),
    { subject: 'tip', says: tipSays(leaderTip) },
    { subject: 'stake', says: stakeSays({ stakeWei, wantedWei: config.stakeWei, isOwner, owner }) },
    treasury === undefined
      ? {
          subject: 'treasury',
          says: `no key: ${formatEther(missingDepositWei)} of deposit and ${formatEther(missingStakeWei)} of stake are to be paid by hand`,
        }
      : {
          subject: 'treasury',
          says: `${treasury} has ${formatEther(coinWei)}; it wants ${formatEther(wantedWei)} (deposit ${formatEther(missingDepositWei)}, stake ${formatEther(isOwner ? missingStakeWei : 0n)}, gas ${formatEther(gasWei)})${coinWei < wantedWei ? `: send it ${formatEther(wantedWei - coinWei)}` : ''}`,
          isObstacle: coinWei < wantedWei && depositWei < leastWei,
        },
  ]
}

function tipSays({ tipWei, registry }: LeaderTipOnChain): string {
  if (tipWei === 0n) return 'none: the bundler in turn gets nothing out of the deposit'
  return `${formatEther(tipWei)} out of the deposit for each sponsored operation, to the bundler in turn by ${registry}`
}

/** Sponsored operations land without one. */
function stakeSays(stake: { stakeWei: bigint; wantedWei: bigint; isOwner: boolean; owner: Address }): string {
  const { stakeWei, wantedWei, isOwner, owner } = stake
  const has = `${formatEther(stakeWei)} of ${formatEther(wantedWei)}`
  if (stakeWei >= wantedWei) return has
  if (isOwner) return `${has}: the treasury adds the rest`
  return `${has}, so bundlers refuse its token modes: its owner ${owner} has to call addStake, or give the owner's key by --treasury-key-file`
}

function policyLine(config: CheckConfig): CheckLine {
  const subject = 'policies'
  const secrets = createPolicySecrets(config.policySecrets, { allowOpenFile: config.allowOpenKeyFiles })
  const read = secrets.reload()
  if (!read.ok) return obstacle(subject, read.refusal.message)
  if (config.policies === undefined)
    return { subject, says: 'none (--policies): nothing is sponsored, gas is paid in the token' }
  const loaded = loadPolicies(config.policies)
  if (!loaded.ok) return obstacle(subject, loaded.refusal.message)
  const examine = webhookExaminer(secrets, { allowPrivateNetworks: config.webhookPrivateNetworks })
  const [problem] = loaded.value.flatMap(policy =>
    examine(policy).map(({ field, problem }) => `${field} of policy "${policy.id}" ${problem}`),
  )
  if (problem !== undefined) return obstacle(subject, problem)
  return { subject, says: loaded.value.map(({ id }) => id).join(', ') || 'none in the file' }
}

async function bundlerLine({ bundlerUrl }: CheckConfig): Promise<CheckLine> {
  const subject = 'bundler'
  if (bundlerUrl === undefined)
    return { subject, says: 'none (--bundler-url): who asks has to bring gas along' }
  const { origin } = new URL(bundlerUrl)
  try {
    await connectNode(bundlerUrl)
    return { subject, says: `${origin} answers` }
  } catch {
    return { subject, says: `${origin} does not answer: gas is not estimated until it does` }
  }
}

function above(wantedWei: bigint, hasWei: bigint): bigint {
  return wantedWei > hasWei ? wantedWei - hasWei : 0n
}
