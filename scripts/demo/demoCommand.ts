// The demo command: a devnet, the story told on it, and then either the end or a devnet to play with.
import { oneOf, type SettingValues, toggle } from '@worldland-aa/service/config/setting'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { BlockTime } from '../devnet/blockProduction.ts'
import { freeDataDirectory } from '../devnet/dataDirectory.ts'
import { arePortsFree } from '../devnet/devnetPorts.ts'
import {
  defaultDataDirectory,
  defaultPortBase,
  devnetSettings,
  parseBlockTime,
} from '../devnet/devnetSettings.ts'
import { type Devnet, startDevnet } from '../devnet/startDevnet.ts'
import { stopSignal, whenAborted } from '../devnet/stopSignal.ts'
import { type CommandView, runSettingsCommand } from '../settingsCommand.ts'
import { booksTable } from './books.ts'
import type { ToldChapter } from './chapters/chapter.ts'
import { chaptersJson } from './chapters/chapterFigures.ts'
import { playFullStory } from './chapters/fullStory.ts'
import { farewell } from './farewell.ts'
import { createPlainStage } from './plainStage.ts'
import type { Stage } from './stage.ts'
import { stepsJson, stepTable } from './steps.ts'
import { playStory, type Story } from './story.ts'
import { createTerminalStage } from './terminalStage.ts'

const definition = {
  prefix: 'DEMO',
  settings: {
    once: toggle({ group: 'Demo', describe: 'end when the story is told', fallback: false }),
    json: toggle({
      group: 'Demo',
      describe: 'print what happened as one JSON object, on the last line',
      fallback: false,
    }),
    story: oneOf({
      group: 'Demo',
      describe:
        'main: a rental; full: then rights, vouchers, a gas tank, a fault, a training on record, a model for sale',
      choices: ['main', 'full'],
      fallback: 'main',
    }),
    ...devnetSettings,
    // Whoever wants to watch the demo should not have to clear the way first.
    portBase: {
      ...devnetSettings.portBase,
      describe: `${devnetSettings.portBase.describe}; default 8545, or free ones when those are taken`,
      schema: devnetSettings.portBase.schema.optional(),
      fallback: undefined,
    },
    dataDirectory: {
      ...devnetSettings.dataDirectory,
      describe: `${devnetSettings.dataDirectory.describe}; default .devnet, or a folder in it when a devnet runs there`,
      schema: devnetSettings.dataDirectory.schema.optional(),
      fallback: undefined,
    },
  },
} as const

type DemoSettings = SettingValues<typeof definition.settings>

/** What the process should exit with. */
export function runDemoCommand(view: CommandView): Promise<number> {
  return runSettingsCommand(
    {
      name: 'demo',
      description: 'Rents a GPU by one signature, from a key that holds nothing, on a chain started for it',
      examples: [
        'npm run demo',
        'npm run demo -- --once --story full',
        'npm run demo -- --once --json',
        'npm run demo -- --block-time pow',
      ],
      definition,
      async run(settings, { environment }) {
        const blockTime = parseBlockTime(settings.blockTime)
        if (blockTime.ok) return await run(settings, blockTime.value, stopSignal(environment))
        process.stderr.write(`${blockTime.refusal.message}\n`)
        return blockTime.refusal.code
      },
    },
    view,
  )
}

async function run(settings: DemoSettings, blockTime: BlockTime, stop: AbortSignal): Promise<number> {
  const stage = process.stdout.isTTY
    ? createTerminalStage(process.stdout)
    : createPlainStage(text => process.stdout.write(text))
  let devnet: Devnet | undefined
  try {
    stage.open('Rent a GPU on WorldLand with one signature')
    devnet = await openDevnet(settings, blockTime, stage, stop)
    const failed = devnet.failed.then(reason => Promise.reject(new Error(reason)))
    const play = { network: devnet, stage, signal: stop }
    const story = await Promise.race([playStory(play), failed])
    tell(stage, story)
    const chapters = settings.story === 'full' ? await Promise.race([playFullStory(play), failed]) : []
    stage.close(settings.once ? 'Told. Without --once the chain stays up.' : 'Told. The chain stays up.')
    if (!settings.once) {
      stage.say(farewell(devnet, story, await devnet.consoleLink()))
      if (settings.json) stage.say([storyJson(settings.story, story, chapters)])
      const failure = await Promise.race([devnet.failed, whenAborted(stop)])
      if (failure !== undefined) throw new Error(failure)
    }
    await devnet.stop()
    if (settings.once && settings.json) stage.say([storyJson(settings.story, story, chapters)])
    return 0
  } catch (error) {
    if (!stop.aborted) stage.fail(reasonOf(error))
    await devnet?.stop()
    return stop.aborted ? 130 : 1 // as a shell reports an end by Ctrl-C
  }
}

async function openDevnet(
  settings: DemoSettings,
  blockTime: BlockTime,
  stage: Stage,
  signal: AbortSignal,
): Promise<Devnet> {
  const since = performance.now()
  stage.begin('Starting the devnet')
  const devnet = await startDevnet({
    portBase: settings.portBase ?? ((await arePortsFree(defaultPortBase)) ? defaultPortBase : 0),
    blockTime,
    dataDirectory: settings.dataDirectory ?? freeDataDirectory(defaultDataDirectory),
    keep: settings.keep,
    signal,
    onStep: step => stage.update(`Starting the devnet: ${step}`),
    onError: (problem, error) => process.stderr.write(`${problem}: ${reasonOf(error)}\n`),
  })
  const blocks = blockTime === 'pow' ? 'at random, every 10 s on average' : `every ${blockTime} s`
  const seconds = ((performance.now() - since) / 1_000).toFixed(1)
  stage.done(
    `Chain ${devnet.chainId} (London, blocks ${blocks}), contracts, bundler, paymaster, 2 providers (${seconds} s)`,
  )
  return devnet
}

function tell(stage: Stage, story: Story): void {
  stage.note('What it cost and how long it took', stepTable(story.steps))
  stage.note('The books, to the wei', booksTable(story.payments, story.after))
}

function storyJson(kind: DemoSettings['story'], story: Story, chapters: readonly ToldChapter[]): string {
  return JSON.stringify({
    story: kind,
    userOperationHash: story.userOperationHash,
    transactionHash: story.transactionHash,
    leaseId: story.leaseId.toString(),
    renterNativeWei: story.after.renterNativeWei.toString(),
    gasPaidToken: story.payments.gasWei.toString(),
    refundToken: story.payments.refundWei.toString(),
    steps: stepsJson(story.steps),
    ...(kind === 'full' ? chaptersJson(chapters) : {}),
  })
}
