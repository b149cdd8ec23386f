// `worldland-bundler join`: from nothing to a bundler that serves with the others. Every step looks first what is done
// already: whoever breaks it off runs it again.
import { connectNode, type Node } from '@worldland-aa/service/chain/connectNode'
import { tellLines } from '@worldland-aa/service/cli/checkReport'
import { exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { type AddSubcommand, subcommand } from '@worldland-aa/service/cli/subcommand'
import type { SettingValues } from '@worldland-aa/service/config/setting'
import { formatEther } from 'viem'
import { canaryWei } from './canary.ts'
import { describeBudget, totalWei, untilFunded } from './funds.ts'
import {
  type Household,
  hasFirstOperation,
  noteFirstOperation,
  openHousehold,
  writeConfiguration,
} from './household.ts'
import { checkJoining, type JoinChecks } from './joinChecks.ts'
import { joinSettings } from './joinSettings.ts'
import { type Network, readNetworkFile } from './networkFile.ts'
import { operatorOf } from './operator.ts'
import { budgetOf, type RegistrationOptions, register } from './registration.ts'
import { startConfigurationOf } from './startConfiguration.ts'
import { watchFirstOperation } from './watchFirstOperation.ts'

type JoinSettings = SettingValues<typeof joinSettings>

/** `start` runs the daemon with a configuration file until it is ended; what to exit with. */
export function joinCommand(start: (configurationFile: string) => Promise<number>): AddSubcommand {
  return subcommand({
    name: 'join',
    description:
      'join a network of bundlers: make keys, check node, clock and port, wait for the coin, stake, register, and start; run again, it goes on where it was',
    example:
      '  worldland-bundler join --network network.json --rpc-url http://127.0.0.1:8545 --stake 100ether',
    definition: { prefix: 'WORLDLAND_BUNDLER_JOIN', settings: joinSettings },
    run: settings => join(settings, start),
  })
}

async function join(settings: JoinSettings, start: (path: string) => Promise<number>): Promise<number> {
  const { rpcUrl, folder, p2pListen, p2pAnnounce } = settings
  const network = readNetworkFile(settings.network)
  if (!network.ok) return refused(network.refusal.message)
  const household = openHousehold(folder, settings.executors)
  if (!household.ok) return refused(household.refusal.message)
  say(`keys, configuration and data are in ${folder}: show it to nobody, and keep a copy of the keys`)
  const node = await connectNode(rpcUrl)
  const nowSeconds = Math.floor(Date.now() / 1_000)
  const checks = await checkJoining({ node, network: network.value, listen: p2pListen, nowSeconds })
  const problem = tell(checks, settings)
  if (problem !== undefined) return refused(problem)
  if (p2pAnnounce.length === 0) say('no --p2p-announce: this bundler dials others, and none dials it')
  const isCanaryDue = settings.canary && settings.start && !hasFirstOperation(folder)
  const registration: RegistrationOptions = {
    client: node.client,
    chainId: node.chainId,
    registry: network.value.bundlerRegistry,
    household: household.value,
    stakeWei: stakeOf(settings, checks),
    addresses: p2pAnnounce,
    executorWei: settings.executorFundsWei,
    canaryWei: isCanaryDue ? canaryWei : 0n,
    say,
  }
  await collect(registration, node)
  const operator = operatorOf(node, rpcUrl, household.value.operator.account)
  await register(registration, operator)
  const written = writeConfiguration(folder, startConfigurationOf(settings, network.value))
  say(written.isNew ? `configuration is in ${written.path}` : `${written.path} stays as you made it`)
  if (!settings.start) {
    say(`start it with: worldland-bundler start --config ${written.path}`)
    return exitCodes.done
  }
  if (isCanaryDue) watchCanary(settings, network.value, node, household.value)
  return await start(written.path)
}

function tell({ lines, minimumStakeWei = 0n }: JoinChecks, settings: JoinSettings): string | undefined {
  const obstacles = tellLines(lines)
  if (obstacles > 0) return `nothing was spent: mend what is marked NO (${obstacles}), and run it again`
  if (settings.stake === 0n || settings.stake >= minimumStakeWei) return undefined
  return `--stake ${formatEther(settings.stake)}ether is below what the registry takes: ${formatEther(minimumStakeWei)}ether or more`
}

function stakeOf({ stake }: JoinSettings, { minimumStakeWei = 0n }: JoinChecks): bigint {
  return stake === 0n ? minimumStakeWei : stake
}

async function collect(registration: RegistrationOptions, { client }: Node): Promise<void> {
  const budget = await budgetOf(registration)
  const { address } = registration.household.operator.account
  say(`the operator ${address} needs ${formatEther(totalWei(budget))}: ${describeBudget(budget)}`)
  await untilFunded({ client, address, neededWei: totalWei(budget), say })
}

function watchCanary(settings: JoinSettings, network: Network, node: Node, household: Household): void {
  const operator = operatorOf(node, settings.rpcUrl, household.operator.account)
  void watchFirstOperation({
    client: node.client,
    operator,
    bundlerUrl: `http://127.0.0.1:${settings.port}`,
    chainId: node.chainId,
    entryPoint: network.entryPoint,
    accountFactory: network.accountFactory,
    timeoutBlocks: 50n,
    onLanded: hash => noteFirstOperation(settings.folder, hash),
    say,
  })
}

function refused(message: string): number {
  process.stderr.write(`${message}\n`)
  return exitCodes.configuration
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
