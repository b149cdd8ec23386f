// Holds the books to the chain: at the start, every hour, and when somebody asks. Told by the admin API, /health and
// /metrics; it stops nothing, for a drift says that somebody should look, not that signing is unsafe.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Kysely } from 'kysely'
import type { Address, PublicClient } from 'viem'
import type { Opening, OtherTokenCheck, ReconciliationRun } from '../admin/reconciliation/schema.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { Journal } from '../treasury/journal.ts'
import { mostItems } from './books.ts'
import { compareErc20s } from './erc20Books.ts'
import type { Place } from './movements.ts'
import { openBooks } from './opening.ts'
import { ChainMoved, type Compared, compare, isCanonical, type Standing } from './reconcile.ts'
import { createRunStore, type Finished, type RunStore, type StartedBy } from './runStore.ts'
import { judge } from './verdict.ts'

export type Reconciliation = Part & {
  /** Begins one, or joins the one under way; resolves when it is done. */
  reconcile(by: StartedBy): Promise<ReconciliationRun | undefined>
  /** Begins one when it is time. */
  onBlock(): void
  /** The one that was finished last, also one that failed. */
  latest(): ReconciliationRun | undefined
  /** The last one that compared anything. */
  lastComparison(): ReconciliationRun | undefined
  isRunning(): boolean
  /** Seconds since the Unix epoch; undefined before the first one. */
  nextAtSeconds(): number | undefined
  readonly runs: RunStore
  onChange(listener: (id: string) => void): void
}

type Base = {
  readonly standing: Standing
  readonly carriedWei: bigint
  readonly otherTokens: readonly OtherTokenCheck[]
  readonly opening: Opening | null
}

const hourSeconds = 3_600
/** After one that failed, for the node may be back. */
const againSeconds = 60
const attempts = 3

export function createReconciliation(options: {
  readonly client: PublicClient
  readonly database: Kysely<LedgerSchema>
  readonly ledger: Pick<Ledger, 'position'>
  readonly journal: Pick<Journal, 'known'>
  readonly place: Place
  readonly finalityBlocks: number
  readonly onSigner: (signer: Address) => Promise<void>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
  readonly logger: Logger
}): Reconciliation {
  const { client, place, now, logger } = options
  const runs = createRunStore(options.database)
  const stopping = new AbortController()
  const { signal } = stopping
  const listeners: ((id: string) => void)[] = []
  let latest: ReconciliationRun | undefined
  let lastComparison: ReconciliationRun | undefined
  let running: Promise<ReconciliationRun | undefined> | undefined
  let nextAt: number | undefined
  let hasStarted = false

  /** The newest block that is final, and whose landings the ledger has. */
  async function finalBlock(): Promise<bigint | undefined> {
    const position = await options.ledger.position()
    const number = (position?.block.number ?? -1n) - BigInt(options.finalityBlocks)
    return number < 0n ? undefined : number
  }

  /** The last run whose block still stands: a deeper reorg than any that was expected makes an earlier one of it. */
  async function findBase(): Promise<Base | undefined> {
    for await (const base of runs.bases()) {
      if (await isCanonical(client, base.standing)) return base
      logger.warn({ block: String(base.standing.number) }, 'the chain has lost a block that was reconciled')
    }
    return undefined
  }

  async function compareOnce(toNumber: bigint): Promise<Finished> {
    const base = await findBase()
    const head = base === undefined || base.standing.number < toNumber ? toNumber : base.standing.number
    if (base === undefined) {
      const { to, opening, items, refusal } = await openBooks({ ...options, toNumber, signal })
      logger.info({ opening, ...(refusal !== undefined && { error: refusal }) }, 'the books are opened')
      const none = { deposit: null, tips: null, tanks: null, tokens: null, ledger: null, otherTokens: [] }
      return {
        ...{ state: 'baseline', figures: { ...none, opening }, items, itemCount: items.length },
        ...{ from: to, to, atSeconds: now() },
      }
    }
    const compared: Compared = await compare({ ...options, from: base.standing, toNumber: head, signal })
    const { from, to, sums } = compared
    const others = await compareErc20s({
      ...{ ...options, paymaster: place.paymaster, from, to, signal },
      before: base.otherTokens,
    })
    return {
      ...judge(compared, others, base),
      ...{ from, to, items: [...compared.items, ...others.items].slice(0, mostItems) },
      itemCount: sums.itemCount + others.items.length,
      atSeconds: now(),
    }
  }

  async function compareUntilStill(toNumber: bigint): Promise<Finished> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await compareOnce(toNumber)
      } catch (error) {
        if (!(error instanceof ChainMoved) || attempt === attempts) throw error
        logger.info({ attempt }, 'the chain moved while the books were compared: once more')
      }
    }
  }

  function tellVerdict(run: ReconciliationRun): void {
    const { id, state, toBlock, deposit, itemCount } = run
    const figures = {
      run: id,
      toBlock,
      drift: deposit?.driftWei,
      unexplained: deposit?.unexplainedWei,
      itemCount,
    }
    if (state === 'unexplained') logger.error(figures, 'the books and the chain do not add up')
    else if (state === 'explained') logger.warn(figures, 'the chain has movements that the books do not have')
    else logger.info({ ...figures, state }, 'the books were compared with the chain')
  }

  async function runOnce(by: StartedBy): Promise<ReconciliationRun | undefined> {
    const toNumber = await finalBlock()
    if (toNumber === undefined) return latest
    const id = await runs.begin(by, now())
    try {
      await runs.finish(id, await compareUntilStill(toNumber))
      nextAt = now() + hourSeconds
    } catch (error) {
      if (signal.aborted) return latest
      logger.warn({ error }, 'the books could not be compared with the chain')
      await runs.fail(id, reasonOf(error), now())
      nextAt = now() + againSeconds
    }
    const run = await runs.run(id)
    if (run === undefined) return latest
    latest = run
    if (run.state !== 'failed') {
      lastComparison = run
      tellVerdict(run)
    }
    for (const listener of listeners) listener(run.id)
    return run
  }

  function reconcile(by: StartedBy): Promise<ReconciliationRun | undefined> {
    running ??= runOnce(by).finally(() => {
      running = undefined
    })
    return running
  }

  function onBlock(): void {
    if (signal.aborted || running !== undefined || (nextAt !== undefined && now() < nextAt)) return
    const by = hasStarted ? 'hour' : 'start'
    reconcile(by).then(
      run => {
        if (run !== undefined) hasStarted = true
      },
      error => logger.warn({ error }, 'the books could not be compared with the chain'),
    )
  }

  return {
    name: 'reconciliation',
    runs,
    reconcile,
    latest: () => latest,
    lastComparison: () => lastComparison,
    isRunning: () => running !== undefined,
    nextAtSeconds: () => nextAt,
    onChange: listener => listeners.push(listener),
    onBlock,
    async start() {
      await runs.giveUp(now())
      latest = await runs.latest()
      lastComparison = latest?.state === 'failed' ? undefined : latest
      onBlock()
    },
    async stop() {
      stopping.abort()
      await running?.catch(() => undefined)
    },
  }
}
