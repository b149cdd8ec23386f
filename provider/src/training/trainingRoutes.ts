// Trainings of a lease: run, looked at, stated. By holders of a right to it; a model's licensees may read what became it.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { Outage } from '@worldland-aa/service/outage'
import { type Context, Hono } from 'hono'
import type { DoorEnvironment, RouteGroup } from '../doors/routeGroup.ts'
import { json, refused } from '../files/answers.ts'
import type { Audience } from '../files/audience.ts'
import { wholeOf } from '../files/audience.ts'
import { readBody } from '../files/fileRequests.ts'
import { filesCors } from '../files/filesApp.ts'
import type { ModelOrigin } from '../files/modelOrigin.ts'
import { type FileRefusal, refuse } from '../files/refusal.ts'
import type { RootOwners } from '../files/rootOwners.ts'
import { askedBy } from '../files/routes/fileAt.ts'
import type { Agreement, AgreementId } from '../files/storedFile.ts'
import type { Outcome } from '../outcome.ts'
import type { RunBook } from './runBook.ts'
import type { Runner } from './runner.ts'
import type { StatementDesk } from './statementDesk.ts'
import { runSchema, statementSchema } from './trainingRequests.ts'
import { statementJson, type TrainingRun } from './trainingRun.ts'

const purpose = 'training'
const mostBodyBytes = 512 * 1_024

export function createTrainingRoutes(options: {
  readonly book: RunBook
  readonly runner: Runner
  readonly desk: StatementDesk
  readonly audience: Audience
  readonly modelOrigin: ModelOrigin
  readonly owners: RootOwners
  readonly contracts: Pick<ComputeContracts, 'instanceLease'>
}): RouteGroup {
  const { book, runner, desk, audience, modelOrigin, owners, contracts } = options
  const app = new Hono<DoorEnvironment>()

  /** The lease, if who asks holds a right to it; `once`: for what does something. */
  async function leaseOf(
    context: Context<DoorEnvironment>,
    once: boolean,
  ): Promise<Outcome<Agreement, FileRefusal>> {
    const leaseId = wholeOf(context.req.param('lease'))
    if (leaseId === undefined) return refuse(404, 'A lease has a number')
    const agreement = { market: contracts.instanceLease, agreementId: leaseId }
    const modelId = wholeOf(context.req.query('modelId'))
    if (modelId !== undefined && !once) return await asLicensee(context, agreement, modelId)
    return await audience.holder(askedBy(context), agreement, { purpose, once })
  }

  async function asLicensee(
    context: Context<DoorEnvironment>,
    agreement: AgreementId,
    modelId: bigint,
  ): Promise<Outcome<Agreement, FileRefusal>> {
    const licensee = await audience.licensee(askedBy(context), modelId)
    if (!licensee.ok) return licensee
    const origin = await modelOrigin.agreementOf(modelId)
    const isSame =
      origin?.agreementId === agreement.agreementId &&
      origin.market.toLowerCase() === agreement.market.toLowerCase()
    if (!isSame) return refuse(403, `Model ${modelId} did not come of this lease`)
    return { ok: true, value: { ...agreement, payer: await owners.payerOf(agreement) } }
  }

  async function runOf(
    context: Context<DoorEnvironment>,
    agreement: Agreement,
  ): Promise<Outcome<TrainingRun, FileRefusal>> {
    const id = context.req.param('run') ?? ''
    const run = /^[0-9a-f]{32}$/.test(id) ? await book.find(agreement, id) : undefined
    return run === undefined
      ? refuse(404, 'There is no such training of this lease')
      : { ok: true, value: run }
  }

  app.use('/:lease/training/*', filesCors)
  app.post('/:lease/training', async context => {
    const lease = await leaseOf(context, true)
    if (!lease.ok) return refused(lease.refusal)
    const request = await readBody(context.req.raw, runSchema)
    if (!request.ok) return refused(request.refusal)
    const started = await runner.run(lease.value, request.value)
    return started.ok ? json(describeRun(started.value), 202) : refused(started.refusal)
  })
  app.get('/:lease/training', async context => {
    const lease = await leaseOf(context, false)
    if (!lease.ok) return refused(lease.refusal)
    return json({ trainings: (await book.ofLease(lease.value)).map(describeRun) })
  })
  app.get('/:lease/training/:run', async context => {
    const lease = await leaseOf(context, false)
    if (!lease.ok) return refused(lease.refusal)
    const run = await runOf(context, lease.value)
    return run.ok ? json(describeRun(run.value)) : refused(run.refusal)
  })
  app.post('/:lease/training/:run/statement', async context => {
    const lease = await leaseOf(context, true)
    if (!lease.ok) return refused(lease.refusal)
    const run = await runOf(context, lease.value)
    if (!run.ok) return refused(run.refusal)
    const body = await readBody(context.req.raw, statementSchema)
    if (!body.ok) return refused(body.refusal)
    const { added, imageless: isImageless, recordedBy } = body.value
    const stated = await desk.state(lease.value, run.value, { added, isImageless, recordedBy })
    return stated.ok ? json(describeRun({ ...run.value, stated: stated.value })) : refused(stated.refusal)
  })
  app.onError(error => {
    if (!(error instanceof Outage)) throw error
    return refused({ status: 503, message: error.toCaller })
  })
  return { path: '/leases', app, maxBodyBytes: mostBodyBytes }
}

function describeRun(run: TrainingRun): unknown {
  const { leaseId, stated, createdAtSeconds, endedAtSeconds, ...rest } = run
  return {
    ...rest,
    leaseId: leaseId.toString(),
    createdAt: createdAtSeconds,
    endedAt: endedAtSeconds,
    stated: stated && { ...stated, statement: statementJson(stated.statement) },
  }
}
