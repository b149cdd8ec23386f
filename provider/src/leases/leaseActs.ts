// Does what was decided for one lease. All of it can be done twice, and whatever is cut short is decided again.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Hex, zeroHash } from 'viem'
import type { Sender } from '../chain/sender.ts'
import type { GpuBook } from '../hardware/gpuBook.ts'
import type { MachineDriver, MachineSpec } from '../machines/machineDriver.ts'
import type { LeaseBook } from './leaseBook.ts'
import { type ChainAct, errandOf } from './leaseCalls.ts'
import type { LeaseMemory } from './leaseMemory.ts'
import { machineAnswers } from './machineAnswers.ts'
import { leaseMachineSpec, machineKeyOf } from './machineSpec.ts'
import { type Act, hasEnded } from './situation.ts'
import type { TakeLease } from './takeLease.ts'

/** Hands out the way to a machine; idempotent. */
export type LeaseAccess = {
  /** The bytes to publish with `ready`. */
  prepare(lease: {
    readonly leaseId: bigint
    readonly payer: Lease['payer']
    readonly accessPublicKey: Hex | undefined
    readonly ports: readonly number[]
    readonly sshPublicKey?: string | undefined
  }): Promise<Hex>
  /** Puts everybody out: its machine stands still. */
  close(leaseId: bigint): void
  /** Nothing of it is kept: its machine is gone. */
  forget(leaseId: bigint): Promise<void>
}

const askedEveryMilliseconds = 1_000

export type LeaseTools = {
  readonly contracts: ComputeContracts
  readonly sender: Sender
  readonly driver: MachineDriver
  readonly book: LeaseBook
  readonly gpus: GpuBook
  readonly take: TakeLease
  /** The operator's rules for images. */
  readonly acceptedImages: () => readonly string[]
  readonly access: LeaseAccess
  readonly logger: Logger
  readonly onAct: (act: Act['kind'], outcome: 'done' | 'refused') => void
}

export type LeaseAtWork = {
  readonly leaseId: bigint
  readonly lease: Lease | undefined
  readonly memory: LeaseMemory
  readonly headBlock: bigint
  /** Something that goes on by itself has come to an end. */
  readonly wake: () => void
}

/** Whether to decide anew at once: not where the chain, or a machine, has to go on first. */
export async function doAct(tools: LeaseTools, work: LeaseAtWork, act: Act): Promise<boolean> {
  const { driver, book, gpus, access, logger, onAct } = tools
  const { leaseId, memory } = work
  const key = machineKeyOf(leaseId)
  // Nobody pays for what its machine would need; should a reorg bring it back, that is fetched anew.
  if (work.lease === undefined || hasEnded(work.lease)) memory.preparing?.abort()
  switch (act.kind) {
    case 'wait':
      if (act.forWhat === 'chain' && memory.failedStarts.count === 0 && typeof memory.verdict !== 'object')
        memory.note = undefined
      return false
    case 'judge':
      await judge(tools, work)
      return typeof memory.verdict !== 'object' || work.lease?.state !== 'locked'
    case 'prepare':
      prepare(tools, work)
      return false
    case 'ask':
      ask(tools, work)
      return false
    case 'start':
      return await start(tools, work)
    case 'freeze':
      access.close(leaseId)
      await driver.freeze(key)
      break
    case 'thaw':
      await driver.thaw(key)
      break
    case 'wipe':
      await access.forget(leaseId)
      await driver.wipe(key)
      break
    case 'forget':
      await access.forget(leaseId)
      await gpus.release(key)
      await book.forget(leaseId)
      onAct(act.kind, 'done')
      return false
    default:
      await send(tools, work, act)
      return false
  }
  onAct(act.kind, 'done')
  logger.info({ leaseId, act: act.kind }, machineWords[act.kind])
  return true
}

const machineWords = {
  freeze: 'its machine stands still: nothing pays for it any more',
  thaw: 'its machine goes on: the chain has its lease again',
  wipe: 'its machine is gone: its lease is over for good',
} as const

async function judge({ take, logger, onAct }: LeaseTools, { leaseId, lease, memory }: LeaseAtWork) {
  if (lease === undefined || memory.request === undefined) return
  memory.verdict = await take(lease, memory.request)
  const isTaken = memory.verdict === 'taken'
  onAct('judge', isTaken ? 'done' : 'refused')
  if (typeof memory.verdict !== 'object') return
  memory.note = `not taken: ${memory.verdict.reason}`
  logger.warn({ leaseId, payer: lease.payer, reason: memory.verdict.reason }, 'a lease is not taken')
}

function specOf(
  { book, gpus, driver, acceptedImages }: LeaseTools,
  { leaseId, memory }: LeaseAtWork,
): MachineSpec | undefined {
  const taken = book.taken(leaseId)
  const opened = memory.request?.opened
  if (taken === undefined || opened?.ok !== true) return undefined
  return leaseMachineSpec({
    leaseId,
    request: opened.request,
    resources: taken.resources,
    gpus: gpus.assigned(machineKeyOf(leaseId)),
    hasImages: driver.name === 'docker',
    acceptedImages: acceptedImages(),
  })
}

/** May take as long as an image is large: the rest goes on meanwhile. */
function prepare(tools: LeaseTools, work: LeaseAtWork): void {
  const { memory, leaseId, lease, wake } = work
  const spec = specOf(tools, work)
  if (spec === undefined) return
  memory.preparation = 'underWay'
  const preparing = new AbortController()
  memory.preparing = preparing
  memory.note = 'what its machine needs is fetched'
  const settle = (preparation: LeaseMemory['preparation']): void => {
    memory.preparation = preparation
    memory.preparing = undefined
    memory.note = typeof preparation === 'object' ? preparation.reason : undefined
    wake()
  }
  tools.driver.prepare(spec, preparing.signal).then(
    prepared => {
      if (preparing.signal.aborted) return settle('none')
      if (!prepared.ok) return settle({ reason: prepared.refusal.message })
      const wanted = lease?.imageDigest ?? zeroHash
      const digest = prepared.value.imageDigest
      if (wanted === zeroHash || digest === `sha256:${wanted.slice(2)}`) return settle('done')
      settle({ reason: `its image is ${digest ?? 'none'}, not the sha256:${wanted.slice(2)} of the lease` })
    },
    error => {
      // Tried again at the next head.
      tools.logger.error({ error, leaseId }, 'what a machine needs cannot be fetched; trying again')
      memory.preparation = 'none'
      memory.preparing = undefined
    },
  )
}

/** Again and again, until it answers or is late. */
function ask({ driver, logger }: LeaseTools, { leaseId, memory, wake }: LeaseAtWork): void {
  const opened = memory.request?.opened
  if (opened?.ok !== true || opened.request.readyWhen === undefined) return
  const { port, path = '' } = opened.request.readyWhen
  memory.answers = 'underWay'
  memory.note = `its machine runs, and is asked until it answers at ${port}${path}`
  const asked = driver
    .find(machineKeyOf(leaseId))
    .then(machine => machineAnswers(machine, { port, ...(path !== '' && { path }) }))
  void asked
    .catch(error => {
      logger.error({ error, leaseId }, 'a machine cannot be asked whether it answers; trying again')
      return false
    })
    .then(async doesAnswer => {
      if (!doesAnswer) await sleep(askedEveryMilliseconds, undefined, { ref: false })
      // One that was started anew meanwhile is asked anew.
      if (memory.answers === 'underWay') memory.answers = doesAnswer ? 'yes' : 'no'
      wake()
    })
}

async function start(tools: LeaseTools, work: LeaseAtWork): Promise<boolean> {
  const { driver, logger, onAct } = tools
  const { leaseId, memory, headBlock } = work
  const spec = specOf(tools, work)
  if (spec === undefined) return false
  const former = await driver.find(spec.key)
  memory.startedAtBlock = headBlock
  memory.answers = 'no'
  if (former?.state === 'exited') {
    const reason = `its machine exits again and again (code ${former.exitCode ?? 'unknown'})`
    memory.failedStarts = { count: memory.failedStarts.count + 1, reason }
    logger.warn({ leaseId, exitCode: former.exitCode }, 'a machine has exited and is started again')
  }
  const started = await driver.start(spec)
  onAct('start', started.ok ? 'done' : 'refused')
  if (started.ok) {
    logger.info(
      { leaseId, gpus: spec.gpus, imageDigest: started.value.imageDigest },
      'its machine was started',
    )
    return true
  }
  const { message } = started.refusal
  memory.failedStarts = { count: memory.failedStarts.count + 1, reason: message }
  memory.note = message
  logger.warn({ leaseId, reason: message }, 'a machine cannot be started')
  return false
}

async function send(tools: LeaseTools, work: LeaseAtWork, act: ChainAct): Promise<void> {
  const { contracts, sender, logger, onAct } = tools
  const { leaseId, lease, memory } = work
  if (lease === undefined) return
  const access = act.kind === 'ready' ? await accessOf(tools, work, lease) : undefined
  const { purpose, calls } = errandOf(act, { contracts, lease, memory, access })
  if (calls.length === 0) return
  const reason = 'reason' in act ? act.reason : undefined
  const sent = await sender.submit(purpose, calls)
  if (sent.ok) {
    const isNew = memory.sentPurpose !== purpose
    memory.sentPurpose = purpose
    memory.note = `${act.kind} is on its way`
    if (sent.value.state === 'landed') onAct(act.kind, 'done')
    else if (isNew)
      logger.info({ leaseId, act: act.kind, ...(reason && { reason }) }, `${act.kind} is on its way`)
    return
  }
  onAct(act.kind, 'refused')
  const { code, message } = sent.refusal
  // The market's budget of pauses is used up: the machine comes back, or the lease ends.
  if (act.kind === 'pause') memory.mayPause = false
  const note = `${act.kind} was refused: ${message}`
  if (memory.note !== note)
    logger.warn({ leaseId, act: act.kind, code, reason: message }, 'the chain refuses')
  memory.note = note
}

async function accessOf(
  { access }: LeaseTools,
  { memory, leaseId }: LeaseAtWork,
  lease: Lease,
): Promise<Hex> {
  const opened = memory.request?.opened
  if (opened?.ok !== true) throw new Error(`The request of lease ${leaseId} is not open: ${reasonOf(opened)}`)
  const { request, accessPublicKey } = opened
  const { ports = [], sshPublicKey } = request
  return await access.prepare({ leaseId, payer: lease.payer, accessPublicKey, ports, sshPublicKey })
}
