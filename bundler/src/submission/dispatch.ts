// Signs, journals and broadcasts, in that order, for one nonce at a time. The caller holds the
// executor exclusively.
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Refusal, type Result, refuse } from '@worldland-aa/service/result'
import type { Address, Hash, Hex, PublicClient, SignedAuthorizationList } from 'viem'
import type { Mempool } from '../mempool/mempool.ts'
import { type BroadcastOutcome, broadcast } from './broadcast.ts'
import { type Executor, firstFreeNonce } from './executor.ts'
import type { FeePair } from './fees.ts'
import type { Journal } from './journal.ts'
import type { SubmissionMetrics } from './metrics.ts'
import { lastAttempt, type NonceSlot, release, type SignedTransaction } from './nonceSlot.ts'
import { signTransaction } from './signTransaction.ts'

export type Bundle = {
  /** In their order in `data`. */
  readonly operations: readonly Hash[]
  /** handleOps(operations, slot.beneficiary) */
  readonly data: Hex
  readonly gasLimit: bigint
  readonly fees: FeePair
  /** Of its operations' senders; it goes as a transaction of type 4 if there are any. EIP-7702 */
  readonly authorizations?: SignedAuthorizationList
  /** Where it is sent; the EntryPoint itself, if not told. */
  readonly to?: Address
  /** It lands nothing after this block. */
  readonly lastBlock?: bigint
}

export type DispatchOptions = {
  readonly client: PublicClient
  readonly chainId: number
  readonly entryPoint: Address
  readonly mempool: Mempool
  readonly journal: Journal
  readonly metrics: SubmissionMetrics
  readonly logger: Logger
}

export type Dispatch = {
  /** On the first free nonce. Resolves with the transaction's hash when it is journaled and sent. */
  submit(executor: Executor, bundle: Bundle, head: bigint): Promise<Result<Hash>>
  replace(executor: Executor, nonce: number, bundle: Bundle, head: bigint): Promise<Result<Hash>>
  /** Replaces by a transfer of nothing to itself. */
  cancel(executor: Executor, nonce: number, fees: FeePair, head: bigint): Promise<Result<Hash>>
  /** Broadcasts the slot's newest transaction, once more if need be. */
  send(slot: NonceSlot): Promise<BroadcastOutcome>
  /** A transaction that no node took leaves no trace: its nonce and operations are free again. */
  undo(executor: Executor, slot: NonceSlot): Promise<void>
}

type Content = Pick<SignedTransaction, 'kind' | 'operations' | 'gasLimit' | 'fees' | 'lastBlock'> & {
  readonly to: Address
  readonly data?: Hex
  readonly authorizations?: SignedAuthorizationList
}

export const transferGas = 21_000n
/** JSON-RPC: a server error; these refusals stay inside the process. */
const notNow = -32000

/** Why an executor whose first transaction of a nonce had this outcome sends nothing until the next block. */
const reasonToRest: Partial<Record<BroadcastOutcome, string>> = {
  poor: 'the node says that it cannot pay for a bundle: refill it',
  refused: 'the node refused its last bundle; it tries again at the next block',
  'nonce used': 'the node knows a later nonce of it; it looks again at the next block',
}

export function createDispatch(options: DispatchOptions): Dispatch {
  const { client, mempool, journal, metrics, logger } = options

  async function sign(
    executor: Executor,
    nonce: number,
    { to, data, authorizations = [], ...rest }: Content,
    head: bigint,
  ): Promise<SignedTransaction> {
    const { account, address } = executor
    if (account === undefined) throw new Error(`The key of executor ${address} is not configured`)
    const signed = await signTransaction(account, {
      ...(authorizations.length > 0
        ? { type: 'eip7702', authorizationList: authorizations }
        : { type: 'eip1559' }),
      chainId: options.chainId,
      nonce,
      to,
      ...(data !== undefined && { data }),
      gas: rest.gasLimit,
      ...rest.fees,
    })
    return { ...rest, ...signed, signedAtBlock: head }
  }

  async function send(slot: NonceSlot): Promise<BroadcastOutcome> {
    const transaction = lastAttempt(slot)
    const { outcome, error } = await broadcast(client, transaction)
    metrics.broadcasts.inc({ outcome })
    slot.underpriced = outcome === 'underpriced'
    const details = { executor: slot.executor, nonce: slot.nonce, transactionHash: transaction.hash }
    if (outcome === 'accepted') logger.debug(details, 'the node has the transaction')
    else logger.warn({ ...details, outcome, error }, 'the node did not take a transaction')
    return outcome
  }

  async function undo(executor: Executor, slot: NonceSlot): Promise<void> {
    await journal.forget(slot)
    executor.slots.delete(slot.nonce)
    release(mempool, slot)
  }

  async function supersede(
    executor: Executor,
    nonce: number,
    content: Content,
    head: bigint,
  ): Promise<Result<Hash>> {
    const slot = executor.slots.get(nonce)
    if (slot?.state !== 'open') return refuse(refusal(`nonce ${nonce} is used up already`))
    const attempt = await sign(executor, nonce, content, head)
    const joining = attempt.operations.filter(hash => !slot.operations.includes(hash))
    // Nothing is awaited from this check to the mark: an operation is never bound to two nonces.
    const taken = attempt.operations.find(
      hash => mempool.get(hash)?.state !== (joining.includes(hash) ? 'pending' : 'submitted'),
    )
    if (taken !== undefined) return refuse(refusal(`operation ${taken} is not free for this nonce any more`))
    mempool.submitted(joining, attempt.hash)
    const attempts = [...slot.attempts, attempt]
    // Whichever of its transactions lands, the others' operations are free again only then.
    const operations = [...slot.operations, ...joining]
    try {
      await journal.record({ ...slot, operations, attempts })
    } catch (error) {
      mempool.released(joining)
      throw error
    }
    slot.operations = operations
    slot.attempts = attempts
    slot.due = undefined
    mempool.submitted(attempt.operations, attempt.hash)
    metrics.signed.inc({ kind: attempt.kind === 'bundle' ? 'replacement' : 'cancellation' })
    logger.info(
      {
        executor: executor.address,
        nonce,
        transactionHash: attempt.hash,
        operations: attempt.operations,
      },
      `${attempt.kind} replaces`,
    )
    await send(slot)
    return accept(attempt.hash)
  }

  return {
    send,
    undo,
    async submit(executor, bundle, head) {
      const nonce = firstFreeNonce(executor)
      const { operations } = bundle
      const content: Content = { kind: 'bundle', to: options.entryPoint, ...bundle }
      const attempt = await sign(executor, nonce, content, head)
      // Nothing is awaited from this check to the mark: an operation is never in two bundles.
      const taken = operations.find(hash => mempool.get(hash)?.state !== 'pending')
      if (taken !== undefined) return refuse(refusal(`operation ${taken} is not free any more`))
      mempool.submitted(operations, attempt.hash)
      const slot: NonceSlot = {
        executor: executor.address,
        nonce,
        openedAtBlock: head,
        state: 'open',
        operations,
        attempts: [attempt],
        underpriced: false,
        unexplainedBlocks: 0,
      }
      try {
        await journal.record(slot)
      } catch (error) {
        release(mempool, slot)
        throw error
      }
      executor.slots.set(nonce, slot)
      metrics.signed.inc({ kind: 'bundle' })
      const details = { executor: executor.address, nonce, transactionHash: attempt.hash, operations }
      logger.info(details, 'operations are bundled')
      const outcome = await send(slot)
      const reason = reasonToRest[outcome]
      if (outcome === 'accepted') logger.info(details, 'operations are submitted')
      if (reason === undefined) return accept(attempt.hash)
      await undo(executor, slot)
      executor.setAside = reason
      return refuse(refusal(`the node did not take the bundle of ${executor.address}: ${outcome}`))
    },
    async replace(executor, nonce, bundle, head) {
      return await supersede(executor, nonce, { kind: 'bundle', to: options.entryPoint, ...bundle }, head)
    },
    async cancel(executor, nonce, fees, head) {
      const to = executor.address
      const content = { kind: 'cancellation', operations: [], gasLimit: transferGas, fees, to } as const
      return await supersede(executor, nonce, content, head)
    },
  }
}

function refusal(message: string): Refusal {
  return { code: notNow, message }
}
