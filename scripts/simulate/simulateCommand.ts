// The simulate command: reads what is to be simulated, runs it, and prints what came of it.
import type { SettingValues } from '@worldland-aa/service/config/setting'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type CommandView, runSettingsCommand } from '../settingsCommand.ts'
import { type Calibration, ownCalibration, readCalibration } from './calibration.ts'
import { renderFigures } from './figures/render.ts'
import { misbehaviours, type Scenario } from './scenario.ts'
import { simulateDefinition } from './settings.ts'
import { simulate } from './simulation.ts'
import { measureTargets } from './targets.ts'

type SimulateSettings = SettingValues<typeof simulateDefinition.settings>

/** What the process should exit with. */
export function runSimulateCommand(view: CommandView): Promise<number> {
  return runSettingsCommand(
    {
      name: 'simulate',
      description:
        'Simulates bundlers that share a mempool: the leader schedule, the turn policy and the mempool of the real node, over a modelled chain and network.',
      examples: [
        'npm run simulate -- --bundlers 1000 --blocks 5000',
        'npm run simulate -- --bundlers 100 --dying 10%',
        'npm run simulate -- --targets true --blocks 600',
        'npm run simulate -- --bundlers 100 --greedy 1 --strike false',
      ],
      definition: simulateDefinition,
      run,
    },
    view,
  )
}

async function run(settings: SimulateSettings): Promise<number> {
  const scenario = scenarioOf(settings)
  if (!scenario.ok) {
    process.stderr.write(`${scenario.refusal.message}\n`)
    return scenario.refusal.code
  }
  if (settings.targets) {
    const { table, isMet } = await measureTargets(scenario.value, line => process.stderr.write(`${line}\n`))
    process.stdout.write(`${table}\n`)
    return isMet ? 0 : 1
  }
  const startedAt = performance.now()
  const figures = await simulate(scenario.value)
  const tookSeconds = Math.round((performance.now() - startedAt) / 100) / 10
  if (settings.json) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
  else process.stdout.write(`${renderFigures(figures, scenario.value)}\nThat took ${tookSeconds} s.\n`)
  return 0
}

export function scenarioOf(settings: SimulateSettings): Result<Scenario> {
  const { bundlers, mempool, open } = settings
  const calibration = readCalibration(settings.calibration ?? ownCalibration)
  if (!calibration.ok) return calibration
  const counts = Object.fromEntries(
    misbehaviours.map(kind => {
      const { value, isPercent } = settings[kind]
      return [kind, Math.round(isPercent ? (bundlers * value) / 100 : value)]
    }),
  ) as Scenario['counts']
  const misbehaving = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (misbehaving > bundlers)
    return refused(`${misbehaving} of ${bundlers} bundlers cannot misbehave: raise --bundlers`)
  if (mempool === 'full' && bundlers > 10)
    return refused('--mempool full gives each bundler a database: at most 10 --bundlers')
  if (open && bundlers > 100)
    return refused('--open has every bundler act at every block: at most 100 --bundlers')
  const terms = termsOf(calibration.value, settings)
  if (!terms.ok) return terms
  const perSecond =
    settings.operationsPerMinute === 0
      ? calibration.value.operations.perSecond
      : settings.operationsPerMinute / 60
  return accept({
    bundlers,
    counts,
    mempool,
    blocks: settings.blocks,
    seed: settings.seed,
    lagBlocks: settings.lagBlocks,
    hasGuard: settings.guard,
    hasTip: settings.tip,
    hasStrike: settings.strike,
    hasPromises: settings.promises,
    hasOutbidding: settings.outbidding,
    isOpen: open,
    partition: settings.partition,
    reorg: settings.reorg,
    rollDelayBlocks: settings.rollDelayBlocks,
    calibration: {
      ...calibration.value,
      operations: { ...calibration.value.operations, perSecond },
      terms: terms.value,
    },
  })
}

function termsOf({ terms }: Calibration, settings: SimulateSettings): Result<Calibration['terms']> {
  const windowBlocks = settings.windowBlocks === 0 ? terms.windowBlocks : settings.windowBlocks
  const fallbackBlocks = settings.fallbackBlocks === 0 ? terms.fallbackBlocks : settings.fallbackBlocks
  const graceBlocks = settings.graceBlocks === -1 ? terms.graceBlocks : settings.graceBlocks
  // As BundlerRegistry wants it; an epoch of about 256 blocks otherwise.
  const epochBlocks = Math.max(1, Math.round(terms.epochBlocks / windowBlocks)) * windowBlocks
  if (graceBlocks > windowBlocks && windowBlocks > 1)
    return refused(`--grace-blocks ${graceBlocks} must not exceed the window of ${windowBlocks} blocks`)
  return accept({ ...terms, epochBlocks, windowBlocks, fallbackBlocks, graceBlocks })
}

function refused(message: string): Result<never> {
  return refuse({ code: 64, message }) // EX_USAGE of sysexits.h
}
