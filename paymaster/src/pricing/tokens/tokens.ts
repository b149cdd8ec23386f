// The tokens that gas can be paid in beside the compute token, composed: settings in the database, a keeper of each
// token's price that looks at every block, samples for charts, and the book of what was charged.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { AddressRules } from '@worldland-aa/service/outgoing/publicAddress'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import type { Address, PublicClient } from 'viem'
import type { PriceSource, TokenSettings } from '../../admin/tokens/schema.ts'
import { deny } from '../../denial.ts'
import { createOracle, type OracleContext } from '../oracles/createOracle.ts'
import { type PriceMoment, type PriceReading, priceUnavailable } from '../oracles/priceOracle.ts'
import type { JudgedPrice } from './judgePrice.ts'
import { createPriceKeeper, type PriceKeeper } from './priceKeeper.ts'
import { createPriceSamples, type PriceSamples } from './priceSamples.ts'
import { createReadToken } from './readToken.ts'
import type { TokenTables } from './tables.ts'
import { type AcceptedToken, openTokenBook } from './tokenBook.ts'
import { createTokenCharges, type TokenCharges } from './tokenCharges.ts'
import { readTokenFile } from './tokenFile.ts'

/** What a signature names. */
export type TokenOffer = { readonly token: AcceptedToken; readonly price: JudgedPrice }

export type Tokens = Part & {
  readonly charges: TokenCharges
  readonly samples: PriceSamples
  /** Enabled ones. */
  accepted(): readonly AcceptedToken[]
  /** Disabled ones too. */
  all(): readonly AcceptedToken[]
  /** At what the token is taken now, or why it is not. */
  offer(token: Address): Result<TokenOffer>
  keeperOf(token: Address): PriceKeeper | undefined
  onChainUpdate(update: ChainUpdate): void
  save(token: Address, settings: TokenSettings): Promise<Result<AcceptedToken>>
  remove(token: Address): Promise<boolean>
  /** Asks a source once; nothing of it is kept. */
  test(token: Address, source: PriceSource): Promise<Result<{ token: Facts; reading: PriceReading }>>
}

type Facts = Pick<AcceptedToken, 'address' | 'symbol' | 'decimals'>

export async function createTokens(options: {
  readonly client: PublicClient
  readonly chainId: number
  readonly database: Kysely<TokenTables>
  readonly computeToken: Address
  /** `--tokens`: what a new database begins with. */
  readonly file: string | undefined
  readonly rules: AddressRules
  /** Seconds since the Unix epoch, as the chain measures them. */
  readonly now: () => number
  readonly logger: Logger
  /** A token's price or settings are others now. */
  readonly onChange?: (token: Address) => void
}): Promise<Tokens> {
  const { client, database, now, logger, rules, chainId } = options
  const seeds = options.file === undefined ? [] : readTokenFile(options.file)
  const readToken = createReadToken(client)
  const book = await openTokenBook({ database, computeToken: options.computeToken, readToken, now })
  const samples = createPriceSamples(database)
  const keepers = new Map<Address, PriceKeeper>()
  const context: OracleContext = { client, chainId, rules, now }
  let waiting: PriceMoment | undefined
  let running: Promise<void> | undefined

  async function watch(token: AcceptedToken): Promise<PriceKeeper> {
    const keeper = createPriceKeeper({
      token,
      oracles: token.settings.sources.map(source => createOracle(context, token, source)),
      bounds: token.settings,
      previous: await samples.newest(token.address, now()),
      now,
      onPrice({ ratio, updatedAtSeconds }) {
        samples.add(token.address, { atSeconds: now(), ratio }).catch((error: unknown) => {
          logger.warn({ error, token: token.address }, 'a price sample could not be written')
        })
        logger.debug({ token: token.address, updatedAtSeconds }, 'a price was read')
      },
    })
    keepers.set(token.address, keeper)
    return keeper
  }

  async function look(at: PriceMoment): Promise<void> {
    await Promise.all(
      book.all().map(async token => {
        if (!token.settings.enabled) return
        const keeper = keepers.get(token.address) ?? (await watch(token))
        const before = reasonOf(keeper)
        await keeper.refresh(at)
        const after = reasonOf(keeper)
        if (before !== after) {
          if (after === undefined) logger.info({ token: token.address }, 'the price of a token is good')
          else logger.warn({ token: token.address, reason: after }, 'nothing is quoted in a token')
        }
        options.onChange?.(token.address)
      }),
    )
  }

  /** One look at a time; of blocks that come meanwhile the newest. */
  function begin(at: PriceMoment): Promise<void> {
    waiting = at
    running ??= (async () => {
      while (waiting !== undefined) {
        const next = waiting
        waiting = undefined
        await look(next).catch((error: unknown) => logger.error({ error }, 'prices could not be read'))
      }
      running = undefined
    })()
    return running
  }

  async function momentNow(): Promise<PriceMoment> {
    const { number, timestamp } = await client.getBlock()
    return { blockNumber: number, timestampSeconds: Number(timestamp) }
  }

  return {
    name: 'tokens',
    samples,
    charges: createTokenCharges(database),
    all: book.all,
    accepted: () => book.all().filter(token => token.settings.enabled),
    keeperOf: token => keepers.get(token),
    offer(address) {
      const token = book.find(address)
      if (token === undefined || !token.settings.enabled) return notAccepted(address)
      const price =
        keepers.get(token.address)?.price() ?? priceUnavailable('notReadYet', { symbol: token.symbol })
      return price.ok ? accept({ token, price: price.value }) : price
    },
    async start() {
      for (const { address, settings } of seeds) {
        if (book.find(address) !== undefined) continue
        const saved = await book.save(address, settings)
        if (!saved.ok)
          logger.error({ token: address, problem: saved.refusal.message }, 'a token is not taken')
      }
      if (book.all().length > 0) await begin(await momentNow())
    },
    async stop() {
      waiting = undefined
      await running
    },
    onChainUpdate({ removed, head }) {
      if (book.all().length === 0) return
      const first = removed.at(-1)
      if (first !== undefined) for (const keeper of keepers.values()) keeper.forget(first.number)
      void begin({ blockNumber: head.number, timestampSeconds: Number(head.timestamp) })
    },
    async save(address, settings) {
      const saved = await book.save(address, settings)
      if (!saved.ok) return saved
      keepers.delete(saved.value.address)
      await begin(await momentNow())
      options.onChange?.(saved.value.address)
      return saved
    },
    async remove(address) {
      keepers.delete(address)
      return await book.remove(address)
    },
    async test(address, source) {
      const known = book.find(address)
      const facts = known === undefined ? await readToken(address) : accept(known)
      if (!facts.ok) return facts
      const token = { address, symbol: facts.value.symbol, decimals: facts.value.decimals }
      const reading = await createOracle(context, token, source).read(await momentNow())
      return reading.ok ? accept({ token, reading: reading.value }) : reading
    },
  }
}

function reasonOf(keeper: PriceKeeper): string | undefined {
  const price = keeper.price()
  return price.ok ? undefined : (price.refusal.data as { reason?: string } | undefined)?.reason
}

function notAccepted(token: Address): Result<never> {
  return deny('tokenNotAccepted', {
    problem: `Gas is not taken in ${token}`,
    remedy: 'take one of those that pimlico_getSupportedTokens tells',
  })
}
