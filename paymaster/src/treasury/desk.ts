// The treasury's desk: prepares what the owner's wallet signs, has the treasury key send what it may, once for each
// request, and keeps the history of both.
import { createHash } from 'node:crypto'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { accept, type Result } from '@worldland-aa/service/result'
import { getAddress, type Hash, isAddressEqual, type PublicClient, TransactionNotFoundError } from 'viem'
import type { Actor } from '../admin/adminEnvironment.ts'
import { refuseOperator } from '../admin/operatorRefusal.ts'
import { type TransactionKind, type TransactionRequest, transactionKinds } from '../admin/treasury/schema.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Signers } from '../signing/signers.ts'
import type { ContractFacts } from './contractFacts.ts'
import { createFollower } from './follow.ts'
import { createJournal, type Journal, type NewTransaction, type Row } from './journal.ts'
import { createPreparer, type Prepared, type Preparer } from './prepare.ts'
import { senders } from './requests.ts'
import { sentCall } from './sentCall.ts'
import type { Transaction, TransactionSender } from './transactions.ts'
import type { TreasuryFacts } from './treasuryFacts.ts'

export type Asked = {
  readonly requestId: string
  readonly request: TransactionRequest
  readonly actor: Pick<Actor, 'name'>
  readonly isEmergency?: boolean
}

export type TreasuryDesk = Part &
  Pick<Preparer, 'prepare' | 'facts'> & {
    /** Resolves when it is signed and written down; it is mined later. */
    execute(asked: Asked): Promise<Result<Row>>
    /** A wallet has sent what was prepared. */
    sentByWallet(sent: {
      readonly requestId: string
      readonly kind: TransactionKind
      readonly hash: Hash
      readonly actor: Pick<Actor, 'name'>
    }): Promise<Result<Row>>
    readonly journal: Journal
    /** What the service sends by itself, in the same history. */
    sendByItself(
      transaction: Transaction & { readonly kind: TransactionKind; readonly description: string },
      signal: AbortSignal,
    ): Promise<Hash>
    mayExecute(facts: TreasuryFacts): readonly TransactionKind[]
    /** Not waited for: blocks must not wait for it. */
    onBlock(head: bigint): void
    /** Called with the id of what has changed. */
    onChange(listener: (id: string) => void): void
  }

export function createTreasuryDesk(options: {
  readonly client: PublicClient
  readonly database: Parameters<typeof createJournal>[0]
  readonly facts: ContractFacts
  readonly ledger: Pick<Ledger, 'position' | 'tankSenders'>
  readonly signers: Pick<Signers, 'all'>
  /** Of a stake, where a request names none. */
  readonly unstakeDelaySeconds: number
  readonly sender: TransactionSender | undefined
  readonly finalityBlocks: number
  /** Seconds since the Unix epoch. */
  readonly now: () => number
  readonly logger: Logger
}): TreasuryDesk {
  const { client, sender, now, logger } = options
  const { paymaster } = options.facts
  const preparer = createPreparer({ ...options, treasury: sender?.address })
  const journal = createJournal(options.database)
  const listeners: ((id: string) => void)[] = []
  const stopping = new AbortController()
  const sending = new Set<Promise<unknown>>()
  let asking: Promise<unknown> = Promise.resolve()
  let following: Promise<void> = Promise.resolve()
  let head = 0n
  const tell = (id: number): void => {
    for (const listener of listeners) listener(String(id))
  }
  const follower = createFollower({ ...options, journal, onChange: tell })

  function mayExecute({ key }: TreasuryFacts): readonly TransactionKind[] {
    if (key === undefined) return []
    return transactionKinds.filter(kind => {
      const who = senders[kind]
      return key.isOwner || who === 'anybody' || (who === 'ownerOrSigner' && key.isSigner)
    })
  }

  /** The row of a request that was made before; a refusal where it asked for something else. */
  async function repeated(requestId: string, request: string): Promise<Result<Row> | undefined> {
    const row = await journal.find(requestId)
    if (row === undefined) return undefined
    if (row.request === request) return accept(row)
    return refuseOperator({
      status: 409,
      code: 'requestIdUsed',
      message: `The request id ${requestId} stands for another transaction`,
      hint: 'give a new id for a new transaction',
      field: 'requestId',
    })
  }

  /** Resolves as soon as it is signed, or cannot be. */
  async function send(row: Row, from: TransactionSender, transaction: Transaction): Promise<void> {
    await new Promise<void>(resolve => {
      const sent = from
        .send(transaction, {
          signal: stopping.signal,
          async onSigned(signed) {
            const blockNumber = await client.getBlockNumber({ cacheTime: 0 })
            await journal.signed(row.id, { ...signed, blockNumber })
            tell(row.id)
            resolve()
          },
        })
        .catch(error => failed(row, error))
        .finally(() => {
          sending.delete(sent)
          resolve()
        })
      sending.add(sent)
    })
  }

  /** What was signed is followed, whatever the sender says of it. */
  async function failed(row: Row, error: unknown): Promise<void> {
    logger.warn({ error, kind: row.kind, id: row.id }, 'a treasury transaction was not mined')
    const stands = await journal.row(row.id)
    if (stopping.signal.aborted || stands?.state !== 'queued') return
    await journal.outcome(stands, { state: 'failed', problem: reasonOf(error), settled: true })
    tell(row.id)
  }

  function judgeSending({ transaction, facts }: Prepared): Result<never> | undefined {
    if (sender === undefined) {
      return refuseOperator({
        status: 409,
        code: 'noTreasuryKey',
        message: 'This paymaster has no treasury key',
        hint: "sign the prepared transaction by the owner's wallet, or give the key by --treasury-key-file",
      })
    }
    if (!mayExecute(facts).includes(transaction.kind)) {
      return refuseOperator({
        status: 409,
        code: 'notOwner',
        message: `The contract lets only its owner ${facts.owner} do this, and the treasury key is ${sender.address}`,
        hint: "sign the prepared transaction by the owner's wallet",
      })
    }
    if (transaction.simulated === 'ok') return undefined
    return refuseOperator({
      status: 409,
      code: 'wouldRevert',
      message: `Sent now, ${transaction.simulated}`,
      hint: 'nothing was sent: mend that first',
    })
  }

  async function execute(asked: Asked): Promise<Result<Row>> {
    const { requestId, request, actor, isEmergency = false } = asked
    const text = JSON.stringify(request)
    const known = await repeated(requestId, text)
    if (known !== undefined) return known
    const prepared = await preparer.prepare(request, { isEmergency, ...(sender && { from: sender.address }) })
    if (!prepared.ok) return prepared
    const refusal = judgeSending(prepared.value)
    if (refusal !== undefined || sender === undefined) return refusal as Result<never>
    const { data, valueWei, description, takesWei } = prepared.value.call
    const row = await journal.addIfFree({
      requestId,
      request: text,
      kind: request.kind,
      description,
      to: paymaster,
      from: sender.address,
      valueWei,
      takesWei,
      sentBy: 'treasuryKey',
      actorName: actor.name,
      createdAtSeconds: now(),
    })
    // Signed for in this very moment: the judgement stands, with the figures of now.
    if (row === undefined) return await execute(asked)
    await send(row, sender, { to: paymaster, data, valueWei })
    return accept((await journal.row(row.id)) ?? row)
  }

  const sentByWallet: TreasuryDesk['sentByWallet'] = async ({ requestId, kind, hash, actor }) => {
    const text = JSON.stringify({ kind, hash })
    const known = (await repeated(requestId, text)) ?? (await knownByHash(hash))
    if (known !== undefined) return known
    const found = await findTransaction(hash)
    if (found === undefined) {
      return refuseOperator({
        status: 409,
        code: 'unknownTransaction',
        message: `The node does not know the transaction ${hash} yet`,
        hint: 'ask again in some seconds',
      })
    }
    const call = sentCall(found.input, found.value, options.facts.token)
    if (found.to === null || !isAddressEqual(found.to, paymaster) || call?.kind !== kind) {
      return refuseOperator({
        status: 400,
        code: 'otherTransaction',
        message: `The transaction ${hash} is not the one that was prepared`,
        hint: 'give the hash that the wallet told for it',
        field: 'hash',
      })
    }
    const row = await journal.add({
      requestId,
      request: text,
      kind,
      description: call.description,
      to: paymaster,
      from: getAddress(found.from),
      valueWei: found.value,
      takesWei: call.takesWei,
      sentBy: 'wallet',
      actorName: actor.name,
      createdAtSeconds: now(),
    })
    const blockNumber = await client.getBlockNumber({ cacheTime: 0 })
    await journal.signed(row.id, { hash, nonce: found.nonce, blockNumber })
    tell(row.id)
    // It may have been mined before it was told.
    await follower.onBlock(head)
    return accept((await journal.row(row.id)) ?? row)
  }

  async function knownByHash(hash: Hash): Promise<Result<Row> | undefined> {
    const row = await journal.byHash(hash)
    return row && accept(row)
  }

  async function findTransaction(hash: Hash) {
    try {
      return await client.getTransaction({ hash })
    } catch (error) {
      if (error instanceof TransactionNotFoundError) return undefined
      throw error
    }
  }

  /** Two requests of one id may come together, and two withdrawals must not both find the same wei free. */
  function inTurn<Value>(ask: () => Promise<Value>): Promise<Value> {
    const asked = asking.then(ask)
    asking = asked.catch(() => undefined)
    return asked
  }

  return {
    name: 'treasury desk',
    prepare: preparer.prepare,
    facts: preparer.facts,
    journal,
    mayExecute,
    execute: asked => inTurn(() => execute(asked)),
    sentByWallet: sent => inTurn(() => sentByWallet(sent)),
    async sendByItself({ kind, description, ...transaction }, signal) {
      if (sender === undefined) throw new Error('There is no treasury key')
      const createdAtSeconds = now()
      const own: NewTransaction = {
        requestId: automaticId(kind, createdAtSeconds),
        request: JSON.stringify({ kind }),
        kind,
        description,
        to: transaction.to,
        from: sender.address,
        valueWei: transaction.valueWei,
        takesWei: 0n,
        sentBy: 'automatic',
        actorName: null,
        createdAtSeconds,
      }
      const row = await journal.add(own)
      tell(row.id)
      try {
        return await sender.send(transaction, {
          signal,
          async onSigned(signed) {
            const blockNumber = await client.getBlockNumber({ cacheTime: 0 })
            await journal.signed(row.id, { ...signed, blockNumber })
            tell(row.id)
          },
        })
      } catch (error) {
        if (!signal.aborted) await failed(row, error)
        throw error
      }
    },
    onBlock(number) {
      head = number
      following = follower.onBlock(head)
    },
    onChange: listener => listeners.push(listener),
    async start() {
      for (const row of await journal.open()) {
        if (row.state !== 'queued') continue
        const problem = 'the service ended before it was sent'
        await journal.outcome(row, { state: 'failed', problem, settled: true })
      }
    },
    async stop() {
      stopping.abort()
      await asking
      await Promise.allSettled([...sending, following])
    },
  }
}

/** The service asks itself: no two of a kind in one second. */
function automaticId(kind: string, seconds: number): string {
  const random = createHash('sha256').update(`${kind} ${seconds} ${process.hrtime.bigint()}`).digest('hex')
  return `automatic-${random.slice(0, 32)}`
}
