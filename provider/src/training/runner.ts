// Runs trainings in the machines of leases, so that what is stated of one is what this daemon itself gave it, started and
// found. A run that a restart broke off has failed, and says so.
import { randomBytes } from 'node:crypto'
import type { Clock } from '@worldland-aa/service/clock'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import type { Hex } from 'viem'
import type { FileBook } from '../files/fileBook.ts'
import type { FileKeeper } from '../files/fileKeeper.ts'
import type { FileStore } from '../files/fileStore.ts'
import { type FileRefusal, refuse } from '../files/refusal.ts'
import type { Agreement } from '../files/storedFile.ts'
import { NotThere } from '../files/workspace/beneath.ts'
import type { Machine, MachineDriver } from '../machines/machineDriver.ts'
import type { Outcome } from '../outcome.ts'
import type { RunBook, RunEnd } from './runBook.ts'
import { runCommand } from './runCommand.ts'
import { findInputs, placeInputs, requireUnchanged } from './runInputs.ts'
import { keepOutputs, openOutputs } from './runOutputs.ts'
import type { TrainingRequest, TrainingRun } from './trainingRun.ts'

export type Runner = {
  readonly part: Part
  /** Resolves once it is on the disk that it runs; how it ends is read from the book. */
  run(agreement: Agreement, request: TrainingRequest): Promise<Outcome<TrainingRun, FileRefusal>>
}

export type RunnerOptions = {
  readonly driver: MachineDriver
  readonly book: RunBook
  readonly files: { readonly book: FileBook; readonly keeper: FileKeeper; readonly store: FileStore }
  readonly machineKeyOf: (leaseId: bigint) => string
  readonly mostOutputBytes: number
  readonly clock: Clock
  readonly logger: Logger
}

export function createRunner(options: RunnerOptions): Runner {
  const { driver, book, files, machineKeyOf, clock, logger } = options
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const nowSeconds = (): number => Math.floor(clock.now() / 1_000)

  async function runningMachine(leaseId: bigint): Promise<Machine> {
    const machine = await driver.find(machineKeyOf(leaseId))
    if (machine?.state === 'running') return machine
    throw new NotThere(
      `The machine of lease ${leaseId} ${machine === undefined ? 'is not there' : `is ${machine.state}`}: a training needs one that runs`,
    )
  }

  async function carryOut(
    agreement: Agreement,
    request: TrainingRequest,
  ): Promise<Omit<RunEnd, 'endedAtSeconds'>> {
    const { agreementId: leaseId } = agreement
    let output = ''
    try {
      const machine = await runningMachine(leaseId)
      const { workspace } = machine
      const inputs = await findInputs(files.book, agreement, request)
      await openOutputs(workspace)
      await placeInputs(files.store, workspace, inputs)
      const { command, mostSeconds } = request
      const ran = await runCommand(driver, {
        key: machine.key,
        command,
        mostSeconds,
        signal: stopping.signal,
      })
      if (!ran.ok) return { state: 'failed', problem: ran.refusal.message, output }
      const { exitCode, isOverdue } = ran.value
      output = ran.value.output
      if (stopping.signal.aborted) throw new NotThere(brokenOff)
      if (isOverdue) throw new NotThere(`It did not end within its ${mostSeconds} seconds`)
      if (exitCode !== 0) {
        return { state: 'failed', problem: `The command ended with ${exitCode}`, exitCode, output }
      }
      await requireSameMachine(machine)
      await requireUnchanged(workspace, inputs)
      const { mostOutputBytes: mostBytes } = options
      const outputs = await keepOutputs({ workspace, agreement, keeper: files.keeper, mostBytes })
      if (outputs.length === 0) throw new NotThere('It left no file in out: a result has at least one')
      const facts = { ...inputs.facts, imageDigest: digestOf(machine) }
      return { state: 'ended', exitCode, output, facts, outputs }
    } catch (error) {
      if (error instanceof NotThere) return { state: 'failed', problem: error.message, output }
      if (!(error instanceof Outage))
        logger.error({ error, leaseId: String(leaseId) }, 'a training could not be run')
      const problem =
        error instanceof Outage ? error.toCaller : 'This provider could not run it: try again later'
      return { state: 'failed', problem, output }
    }
  }

  /** One that was started again in the middle may run something else. */
  async function requireSameMachine(before: Machine): Promise<void> {
    const after = await driver.find(before.key)
    const isSame =
      after?.imageDigest === before.imageDigest &&
      after?.startedAtMilliseconds === before.startedAtMilliseconds
    if (!isSame) throw new NotThere('The machine was started anew while it ran: run it again')
  }

  return {
    async run(agreement, request) {
      const { agreementId: leaseId, payer } = agreement
      if (stopping.signal.aborted) return refuse(503, 'This provider is about to stop: try again later')
      const id = randomBytes(16).toString('hex')
      const run = await book.begin({ id, leaseId, payer, request, createdAtSeconds: nowSeconds() })
      if (run === undefined) {
        return refuse(
          409,
          'A training runs in this machine already, or it has had as many as it may: wait for its end',
        )
      }
      const carried = carryOut(agreement, request)
        .then(end => book.end(id, { ...end, endedAtSeconds: nowSeconds() }))
        .catch(error => logger.error({ error }, 'the end of a training could not be written'))
        .finally(() => underWay.delete(carried))
      underWay.add(carried)
      return { ok: true, value: run }
    },
    part: {
      name: 'trainings',
      async start() {
        for (const { id, output } of await book.running()) {
          await book.end(id, { state: 'failed', problem: brokenOff, output, endedAtSeconds: nowSeconds() })
        }
      },
      async stop() {
        stopping.abort()
        await Promise.all(underWay)
      },
    },
  }
}

const brokenOff =
  'This provider was started anew while it ran: end what still runs of it in the machine, empty out, and run it again'

/** As the engine names it, `sha256:…`; undefined where there are no images. */
function digestOf({ imageDigest }: Machine): Hex | undefined {
  const digits = /^sha256:([0-9a-f]{64})$/.exec(imageDigest ?? '')?.[1]
  return digits === undefined ? undefined : `0x${digits}`
}
