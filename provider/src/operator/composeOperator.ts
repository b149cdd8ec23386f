// The operator's side of the daemon: the door for /health and /metrics, the control socket, the logs of machines.
import type { ChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { nodeHealth } from '@worldland-aa/service/chain/nodeHealth'
import { systemClock } from '@worldland-aa/service/clock'
import { createControlSocket } from '@worldland-aa/service/control/controlSocket'
import type { StorageWatch } from '@worldland-aa/service/database/storageWatch'
import type { Callers } from '@worldland-aa/service/http/callers'
import type { TurnedAway } from '@worldland-aa/service/http/doorMetrics'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Registry } from 'prom-client'
import type { Address } from 'viem'
import type { ToldParts } from '../chain/tellParts.ts'
import type { ProviderConfig } from '../config.ts'
import { controlPath } from '../dataFiles.ts'
import type { EndpointStatus } from '../gateway/endpointStatus.ts'
import type { GpuBook } from '../hardware/gpuBook.ts'
import { createHealth, type HealthChecks } from '../health.ts'
import type { LeaseRounds } from '../leases/leaseRounds.ts'
import type { MachineDriver } from '../machines/machineDriver.ts'
import type { MarketBook } from '../market/marketBook.ts'
import type { MarketDesk } from '../market/marketDesk.ts'
import { createOperatorCommands } from './commands.ts'
import type { Drain } from './drain.ts'
import type { Earnings } from './earnings.ts'
import { createLogsDoor, logsPathOf } from './logsDoor.ts'
import { createOperatorDoor } from './operatorDoor.ts'
import { partsCheck } from './partsCheck.ts'
import { showEarnings } from './showEarnings.ts'
import { showStatus } from './showStatus.ts'

export type OperatorSources = {
  readonly config: ProviderConfig
  readonly provider: Address
  readonly chain: ChainFollower
  readonly storageWatch: StorageWatch
  readonly market: MarketBook
  readonly marketDesk: MarketDesk
  readonly leases: LeaseRounds
  readonly endpoints: () => readonly EndpointStatus[]
  readonly earnings: Earnings
  readonly driver: MachineDriver
  readonly gpus: GpuBook
  readonly gpuCount: number
  /** Parts that do not take in what comes to the chain. */
  readonly partsBehind: ToldParts['behind']
  /** Sentences on what is offered and not there. */
  readonly brokenPromises: () => readonly string[]
  readonly drain: Drain
  readonly registry: Registry
  readonly callers: Callers
  readonly turnedAway: TurnedAway
  /** Of the other parts. */
  readonly checks: HealthChecks
  readonly logger: Logger
}

export type Operator = { readonly parts: readonly Part[]; url(): string }

export function composeOperator(sources: OperatorSources): Operator {
  const { config, provider, market, leases, earnings, drain, driver, logger } = sources
  const health = createHealth({ ...ownChecks(sources), ...sources.checks })
  const door = createOperatorDoor({
    ...{ ...sources, health, clock: systemClock },
    host: config.operatorHost,
    port: config.operatorPort,
  })
  const control = createControlSocket({
    path: controlPath(config),
    handle: createOperatorCommands({
      async status() {
        return showStatus({
          ...{ provider, health: await health(), isDraining: drain.isOn() },
          leases: leases.standings(),
          endpoints: sources.endpoints(),
        })
      },
      drain: drain.set,
      async earnings() {
        const [final, notFinal] = [await earnings.final(), await earnings.notFinal()]
        return showEarnings({ final, notFinal, sinceBlock: await earnings.sinceBlock() })
      },
      async reload() {
        const read = market.reload()
        return read.ok ? undefined : read.refusal
      },
    }),
    logger,
  })
  const logs = createLogsDoor({ path: logsPathOf(controlPath(config)), driver, logger })
  return { parts: [control, logs, door], url: door.url }
}

function ownChecks(sources: OperatorSources): HealthChecks {
  const { chain, storageWatch, marketDesk, leases, endpoints, driver, gpus, gpuCount } = sources
  const { brokenPromises, partsBehind } = sources
  return {
    node() {
      const { healthy, says } = nodeHealth(chain)
      return { says, fails: !healthy }
    },
    storage() {
      const problem = storageWatch.problem()
      return { says: problem ?? 'is written', fails: problem !== undefined }
    },
    market() {
      const problem = marketDesk.problem()
      return { says: problem ?? 'registered, and offering', fails: problem !== undefined }
    },
    parts: () => partsCheck(partsBehind()),
    leases: () => ({ says: leases.problem() ?? 'looked after', fails: leases.problem() !== undefined }),
    machines: () => ({
      says: `${driver.name}${driver.isIsolated ? '' : ': NOT isolated from this host'}, ${gpus.freeCount()} of ${gpuCount} GPUs free`,
    }),
    endpoints() {
      const troubled = endpoints().filter(({ problem }) => problem !== undefined)
      const says = troubled.map(({ id, problem }) => `${id}: ${problem}`).join('; ')
      return { says: says || `${endpoints().length} are served` }
    },
    promises: () => ({ says: brokenPromises().join('; ') || 'what is offered is there' }),
  }
}
