// The BundlerRegistry as this node knows it: terms, tables of leaders, who is registered. Follows the chain, and bears a
// node that is away: what was read last holds until it answers again.
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import type { Address, PublicClient } from 'viem'
import { createSchedule, type Schedule } from '../schedule/schedule.ts'
import { createMembership, type Membership } from './membership.ts'
import { createRegistryReader, type RegistryTerms } from './registryReader.ts'
import { createTables, type Tables } from './tables.ts'

export type RegistryView = {
  /** Reads it all. Throws when the node does not answer, or there is no registry. */
  start(): Promise<void>
  onChainUpdate(update: ChainUpdate): Promise<void>
  /** Undefined until it was read. */
  terms(): RegistryTerms | undefined
  /** Nobody leads until it was read. */
  readonly schedule: Schedule
  readonly membership: Pick<Membership, 'all' | 'bundler' | 'own' | 'strangers'>
  /** The epoch whose table anyone could store now. */
  due(): bigint | undefined
}

/** As the contract has them, until it says so itself. */
const usualTerms = { epochBlocks: 256, windowBlocks: 4, fallbackBlocks: 2, graceBlocks: 4 }

export function createRegistryView(options: {
  readonly client: PublicClient
  readonly registry: Address
  readonly nodeKey: Address | undefined
  readonly executors: readonly Address[]
  readonly head: () => Block
  readonly logger: Logger
}): RegistryView {
  const { client, registry, logger } = options
  const reader = createRegistryReader(client, registry)
  const membership = createMembership({ ...options, reader })
  const outage = createOutageLog(logger)
  let known:
    | { readonly terms: RegistryTerms; readonly tables: Tables; readonly schedule: Schedule }
    | undefined

  const unread = createSchedule(usualTerms, () => undefined)

  async function readTerms(): Promise<void> {
    if (known !== undefined) return
    const code = await client.getCode({ address: registry })
    if (code === undefined || code === '0x') {
      const remedy = 'is --bundler-registry right, and --rpc-url on the chain that it is on?'
      throw new ExitError(exitCodes.configuration, `there is no contract at ${registry}: ${remedy}`)
    }
    const terms = await reader.terms()
    const tables = createTables({ reader, epochBlocks: terms.epochBlocks })
    known = { terms, tables, schedule: createSchedule(terms, tables.tableOf) }
  }

  return {
    async start() {
      await readTerms()
      await known?.tables.read(options.head())
      await membership.read(options.head(), true)
    },
    async onChainUpdate(update) {
      if (known === undefined) return
      known.tables.take(update)
      if (update.removed.length > 0 || update.isBeyondMemory === true) membership.forget()
      try {
        const isNew = await known.tables.read(update.head)
        await membership.read(update.head, isNew)
        outage.over('the registry of bundlers is read again')
      } catch (error) {
        outage.begun({ error }, 'the registry of bundlers cannot be read; what was read last holds')
      }
    },
    terms: () => known?.terms,
    schedule: {
      get terms() {
        return (known?.schedule ?? unread).terms
      },
      leaderAt: (block, rank) => (known?.schedule ?? unread).leaderAt(block, rank),
      standingOf: (id, block) => (known?.schedule ?? unread).standingOf(id, block),
      rankOf: (id, block) => (known?.schedule ?? unread).rankOf(id, block),
      windowOf: block => (known?.schedule ?? unread).windowOf(block),
      customaryAt: block => (known?.schedule ?? unread).customaryAt(block),
    },
    membership,
    due: () => known?.tables.due(),
  }
}
