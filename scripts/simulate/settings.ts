// The simulator's command line.
import { integer, oneOf, optionalText, type Setting, toggle } from '@worldland-aa/service/config/setting'
import { z } from 'zod'
import type { Scenario } from './scenario.ts'

const amount = 'must be a number of bundlers such as 3, or a share of them such as 10%'
const span = 'must be a block and a number of blocks, such as 1000:40'

type Amount = { readonly value: number; readonly isPercent: boolean }

function howMany(describe: string): Setting<Amount> {
  const schema = z.preprocess(
    value => (typeof value === 'number' ? String(value) : value),
    z
      .string(amount)
      .regex(/^\d{1,6}(\.\d{1,3})?%?$/, amount)
      .transform(text => ({ value: Number.parseFloat(text), isPercent: text.endsWith('%') })),
  )
  const fallback = { value: 0, isPercent: false, toString: () => '0' }
  return {
    group: 'Behaviours',
    describe,
    placeholder: 'number|share',
    fallback,
    schema: schema as unknown as z.ZodType<Amount>,
  }
}

function optionalSpan(describe: string): Setting<Scenario['partition']> {
  const schema = z
    .string(span)
    .regex(/^\d{1,6}:\d{1,4}$/, span)
    .transform(text => {
      const [atBlock = 0, blocks = 0] = text.split(':').map(Number)
      return { atBlock, blocks }
    })
    .optional()
  return {
    group: 'Weather',
    describe,
    placeholder: 'block:blocks',
    schema: schema as unknown as z.ZodType<Scenario['partition']>,
  }
}

export const simulateDefinition = {
  prefix: 'SIMULATE',
  settings: {
    bundlers: integer({
      group: 'Run',
      describe: 'how many bundlers there are',
      fallback: 100,
      minimum: 1,
      maximum: 10_000,
    }),
    blocks: integer({
      group: 'Run',
      describe: 'blocks in which operations are sent',
      fallback: 2_000,
      minimum: 10,
      maximum: 1_000_000,
    }),
    seed: integer({
      group: 'Run',
      describe: 'the same seed gives the same figures',
      fallback: 1,
      minimum: 0,
      maximum: 2_147_483_647,
    }),
    operationsPerMinute: integer({
      group: 'Run',
      describe: "operations that users send; 0: the calibration's",
      fallback: 0,
      minimum: 0,
      maximum: 60_000,
    }),
    calibration: optionalText({
      group: 'Run',
      describe: 'JSON file of measured figures, in place of scripts/simulate/calibration.json',
      placeholder: 'file',
    }),
    mempool: oneOf({
      group: 'Run',
      describe:
        "pool: each bundler has the node's pool; full: its whole mempool with a database (at most 10 bundlers)",
      choices: ['pool', 'full'],
      fallback: 'pool',
    }),
    offline: howMany('bundlers that are never there'),
    dying: howMany('that die in each window they lead, in turns before and after they broadcast'),
    greedy: howMany("that send at once whatever they know, above the others' price, whoever leads"),
    sly: howMany('that do so, but out of turn only with operations that no paymaster reports'),
    outsider: howMany('that do so without being registered'),
    withholding: howMany('that promise, and keep to themselves what they are given'),
    equivocating: howMany('that sign two commits for each bundle'),
    lagging: howMany('whose node is some blocks behind'),
    lagBlocks: integer({
      group: 'Behaviours',
      describe: 'how many blocks those are behind',
      fallback: 3,
      minimum: 1,
      maximum: 100,
    }),
    partition: optionalSpan('the bundlers hear only their own half from this block on, for so many blocks'),
    reorg: optionalSpan('from this block on two chains grow for so many blocks, and one of them goes'),
    rollDelayBlocks: integer({
      group: 'Weather',
      describe: 'blocks after the first possible one in which somebody rolls the epoch',
      fallback: 1,
      minimum: 0,
      maximum: 1_000,
    }),
    guard: toggle({ group: 'Rules', describe: 'bundles go through BundleGuard', fallback: true }),
    tip: toggle({
      group: 'Rules',
      describe: 'paymasters tip the leader, and report who is out of turn',
      fallback: true,
    }),
    strike: toggle({ group: 'Rules', describe: 'who is reported loses some stake', fallback: true }),
    promises: toggle({ group: 'Rules', describe: 'leaders promise inclusion', fallback: true }),
    outbidding: toggle({
      group: 'Rules',
      describe: 'leaders offer all that operations pay, while somebody takes them out of turn',
      fallback: true,
    }),
    open: toggle({
      group: 'Rules',
      describe: 'nobody is staked: everybody bundles (at most 100 bundlers)',
      fallback: false,
    }),
    windowBlocks: integer({
      group: 'Rules',
      describe: "blocks of a leader's window; 0: the calibration's",
      fallback: 0,
      minimum: 0,
      maximum: 256,
    }),
    fallbackBlocks: integer({
      group: 'Rules',
      describe: "blocks after which the next rank stands in; 0: the calibration's",
      fallback: 0,
      minimum: 0,
      maximum: 256,
    }),
    graceBlocks: integer({
      group: 'Rules',
      describe: "blocks after its window in which a leader may still land; -1: the calibration's",
      fallback: -1,
      minimum: -1,
      maximum: 256,
    }),
    targets: toggle({
      group: 'Output',
      describe:
        'all that bundlers are held to, for 3, 10, 100 and 1,000 of them, as a table; exits with 1 if one is missed',
      fallback: false,
    }),
    json: toggle({
      group: 'Output',
      describe: 'print one JSON object instead of the table',
      fallback: false,
    }),
  },
} as const
