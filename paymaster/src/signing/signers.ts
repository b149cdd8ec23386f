// Who signs: the one that the operator made active, as long as the contract trusts it, else the first of the key file that it
// does trust. One gives way to another while operations flow; what each has signed is remembered until it has expired.
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import { type Address, getAddress, type PublicClient } from 'viem'
import { refuseOperator } from '../admin/operatorRefusal.ts'
import { deny } from '../denial.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { KeyRing } from './keyRing.ts'
import type { Signer } from './signer.ts'
import { createSignerUse } from './signerUse.ts'
import { createTrustReader, type Trust } from './trust.ts'

export type KeyChange = {
  readonly added: readonly Address[]
  readonly removed: readonly Address[]
  readonly active: Address
}

export type SignerStanding = Trust & {
  readonly address: Address
  readonly hasKey: boolean
  readonly isActive: boolean
  readonly lastValidUntil: number | undefined
  /** Whatever it has signed here has expired in a final block. */
  readonly isExpired: boolean
}

export type Signers = {
  /** Reads what was chosen and signed before a restart. */
  start(): Promise<void>
  active(): Address
  /** Who signs something that is good until then; noted before it is signed. */
  take(validUntil: number): Signer
  /** Why nothing is signed by this one, or by the active one. */
  judge(signer?: Address): Result<never> | undefined
  isTrusted(): boolean
  /** Looks at the newest block. What the node does not answer changes nothing. */
  onBlock(head: bigint): Promise<void>
  /** Seconds since the Unix epoch. */
  onFinalBlock(timestamp: bigint): void
  finalTimestamp(): number | undefined
  all(): readonly SignerStanding[]
  /** Trusted by the contract, by an event of it: maybe another service's. */
  heardOf(signer: Address): Promise<void>
  activate(signer: Address): Promise<Result<Address>>
  /** Reads the key file anew; one with a mistake changes nothing. */
  reload(): Promise<Result<KeyChange>>
  readonly keyFile: string | undefined
  readonly neededTrustBlocks: number
  /** Called when something is to be shown anew. */
  onChange(listener: (signer: Address) => void): void
}

/** A signer is made active when the block that trusts it has so many on top. */
const mostTrustBlocks = 3

export function createSigners(options: {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly database: Kysely<LedgerSchema>
  readonly keys: KeyRing
  readonly finalityBlocks: number
  readonly logger: Logger
}): Signers {
  const { client, paymaster, database, keys, logger } = options
  const neededTrustBlocks = Math.min(mostTrustBlocks, options.finalityBlocks)
  const trust = createTrustReader({ client, paymaster, depthBlocks: neededTrustBlocks })
  const use = createSignerUse(database)
  const listeners: ((signer: Address) => void)[] = []
  let chosen: Address | undefined
  let active = firstOf(keys)
  let head = 0n
  let finalTimestamp: number | undefined
  let changing: Promise<unknown> = Promise.resolve()

  const addresses = (): readonly Address[] => keys.signers().map(({ address }) => address)
  const everyone = (): readonly Address[] => [...new Set([...addresses(), ...use.known()])]
  const isTrusted = (signer: Address = active.address): boolean => trust.of(signer).isTrusted
  const tell = (signer: Address): void => {
    for (const listener of listeners) listener(signer)
  }

  /** One change at a time: a block, the operator and a reload may come together. */
  function inTurn<Value>(change: () => Promise<Value>): Promise<Value> {
    const done = changing.then(change)
    changing = done.catch(() => undefined)
    return done
  }

  async function choose(address: Address): Promise<void> {
    await database
      .insertInto('signer_choice')
      .values({ id: 1, address })
      .onConflict(conflict => conflict.column('id').doUpdateSet({ address }))
      .execute()
    chosen = address
  }

  /** From here on `next` signs; what `before` has signed by now is all that it signs. */
  async function give(next: Signer): Promise<void> {
    const before = active.address
    if (next.address === before) return
    await use.open(next.address)
    active = next
    await use.close(before)
    tell(before)
    tell(next.address)
  }

  /** Of `among`, whoever is to sign by what is known of them; undefined where none is trusted. */
  function fittest(among: readonly Signer[]): Signer | undefined {
    const trusted = among.filter(({ address }) => isTrusted(address))
    const named = (address: Address | undefined) => trusted.find(signer => signer.address === address)
    return named(chosen) ?? named(active.address) ?? trusted[0]
  }

  async function review(number: bigint): Promise<void> {
    const before = new Map(everyone().map(address => [address, trust.of(address)]))
    await trust.look(everyone(), number)
    head = number
    for (const [address, was] of before) {
      const is = trust.of(address)
      if (is.isTrusted !== was.isTrusted || is.blocks !== was.blocks) tell(address)
    }
    const wasTrusted = before.get(active.address)?.isTrusted ?? true
    const next = fittest(keys.signers())
    if (next !== undefined && next.address !== active.address) {
      const [from, to] = [active.address, next.address]
      await give(next)
      logger.warn({ from, to, chosen }, 'another signer signs: the one before is not trusted, or is again')
    } else if (next === undefined && wasTrusted) {
      logger.error(
        { signer: active.address, paymaster },
        'the paymaster trusts the signer no more: nothing is signed',
      )
    } else if (next !== undefined && !wasTrusted) {
      logger.info({ signer: next.address }, 'the paymaster trusts the signer again')
    }
    await use.save()
  }

  function standing(address: Address): SignerStanding {
    const lastValidUntil = use.lastValidUntil(address)
    return {
      address,
      ...trust.of(address),
      hasKey: keys.get(address) !== undefined,
      isActive: address === active.address,
      lastValidUntil,
      isExpired: lastValidUntil === undefined || (finalTimestamp ?? 0) > lastValidUntil,
    }
  }

  async function activate(address: Address): Promise<Result<Address>> {
    const signer = keys.get(address)
    if (signer === undefined) {
      return refuseOperator({
        status: 409,
        code: 'noKey',
        message: `The key of ${address} is not here`,
        hint: 'put it into the key file on a line of its own, and have the keys read anew',
      })
    }
    const { isTrusted, isDeep, blocks } = trust.of(address)
    if (!isTrusted) {
      return refuseOperator({
        status: 409,
        code: 'notTrusted',
        message: `The contract does not trust ${address}, so nothing it signs would land`,
        hint: "have the contract's owner send setSigner first",
      })
    }
    if (!isDeep) {
      return refuseOperator({
        status: 409,
        code: 'trustTooYoung',
        message: `The contract trusts ${address} since ${blocks} blocks, and a reorg may take that back`,
        hint: `wait until it is ${neededTrustBlocks} blocks`,
      })
    }
    const from = active.address
    await choose(address)
    await give(signer)
    logger.info({ from, to: address }, 'the operator made another signer active')
    return accept(address)
  }

  async function reload(): Promise<Result<KeyChange>> {
    const read = keys.read()
    if (!read.ok) return read
    const next = read.value
    const [before, after] = [addresses(), next.map(({ address }) => address)]
    await trust.look(after, head)
    const signs = fittest(next)
    if (signs === undefined) {
      return refuseOperator({
        status: 409,
        code: 'noneTrusted',
        message: `The contract trusts none of the keys in ${keys.file}: ${after.join(', ')}`,
        hint: "put the active signer's key back, or have the contract's owner send setSigner for one of these",
      })
    }
    // Chosen by the operator, and taken out of the file by the operator.
    if (chosen !== undefined && !after.includes(chosen)) await choose(signs.address)
    await give(signs)
    keys.use(next)
    const change = {
      added: after.filter(address => !before.includes(address)),
      removed: before.filter(address => !after.includes(address)),
      active: active.address,
    }
    for (const address of [...change.added, ...change.removed]) tell(address)
    logger.info(change, 'the keys of signers were read anew')
    return accept(change)
  }

  return {
    keyFile: keys.file,
    neededTrustBlocks,
    async start() {
      await use.start(addresses())
      const row = await database.selectFrom('signer_choice').select('address').executeTakeFirst()
      chosen = row && getAddress(row.address)
      head = await client.getBlockNumber({ cacheTime: 0 })
      await trust.look(everyone(), head)
      active = fittest(keys.signers()) ?? keys.get(chosen ?? active.address) ?? active
      await use.open(active.address)
    },
    active: () => active.address,
    take(validUntil) {
      use.note(active.address, validUntil)
      return active
    },
    judge(signer) {
      if (isTrusted(signer)) return undefined
      return deny('signerRevoked', {
        problem: 'The contract of this paymaster trusts its signer no more, so nothing it signs would land',
        remedy: 'tell the operator',
      })
    },
    isTrusted: () => isTrusted(),
    async onBlock(number) {
      try {
        await inTurn(() => review(number))
      } catch (error) {
        logger.debug({ error }, 'whether signers are trusted could not be read')
      }
    },
    onFinalBlock(timestamp) {
      const before = finalTimestamp ?? 0
      finalTimestamp = Number(timestamp)
      for (const address of use.known()) {
        const last = use.lastValidUntil(address) ?? 0
        if (before <= last && finalTimestamp > last) tell(address)
      }
    },
    finalTimestamp: () => finalTimestamp,
    all: () => everyone().map(standing),
    heardOf: signer => use.remember(getAddress(signer)),
    activate: signer => inTurn(() => activate(getAddress(signer))),
    reload: () => inTurn(reload),
    onChange: listener => listeners.push(listener),
  }
}

function firstOf(keys: KeyRing): Signer {
  const [first] = keys.signers()
  if (first === undefined) throw new Error('A key ring holds at least one key')
  return first
}
