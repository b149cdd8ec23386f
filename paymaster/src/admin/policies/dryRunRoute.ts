// Tries an operation, pasted or past, against a policy, written or kept.
import type { OpenAPIHono } from '@hono/zod-openapi'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Hash } from 'viem'
import { readPolicy } from '../../policy/definition/readPolicy.ts'
import { readPastOperation } from '../../policy/pastOperation.ts'
import type { Policy } from '../../policy/sponsorshipPolicy.ts'
import type { RequestedOperation } from '../../requestedOperation.ts'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { createAdminRoutes } from '../adminRoutes.ts'
import { answerRefusal, refuseOperator } from '../operatorRefusal.ts'
import { dryRunPolicy } from './operations.ts'
import type { PolicyRoutesOptions } from './routes.ts'
import type { DryRun } from './schema.ts'

export function createDryRunRoute(options: PolicyRoutesOptions): OpenAPIHono<AdminEnvironment> {
  const { book, database, dryRun, readOperation, now } = options
  const { symbol, decimals } = options.token

  async function policyOf({ definition, policyId, version }: DryRun): Promise<Result<Policy>> {
    if ((definition === undefined) === (policyId === undefined)) {
      return malformed('policyId', 'Give a definition or a policyId, and not both')
    }
    if (definition !== undefined) return readWritten(definition)
    const kept = book.find(policyId ?? '')
    if (kept === undefined) return unknown('policyId', `There is no policy "${policyId}"`)
    if (version === undefined || version === kept.version) {
      return kept.policy === undefined ? malformed('policyId', kept.problem ?? '') : accept(kept.policy)
    }
    const stored = await book.versionOf(kept.id, version)
    if (stored === undefined) return unknown('version', `Policy "${kept.id}" has no version ${version}`)
    const read = readWritten(JSON.parse(stored.definition))
    return read.ok ? accept({ ...read.value, version }) : read
  }

  async function operationOf({ operation, userOperationHash }: DryRun): Promise<Result<RequestedOperation>> {
    if ((operation === undefined) === (userOperationHash === undefined)) {
      return malformed('operation', 'Give an operation or a userOperationHash, and not both')
    }
    if (operation !== undefined) {
      const read = readOperation(operation)
      if (read.ok) return read
      const { field } = (read.refusal.data ?? {}) as { field?: string }
      return malformed(field ?? 'operation', read.refusal.message)
    }
    const past = await readPastOperation(database, userOperationHash?.toLowerCase() as Hash)
    if (past.kind === 'known') return accept(past.operation)
    if (past.kind === 'notKept') return malformed('userOperationHash', past.why)
    return unknown('userOperationHash', 'No operation of this hash was decided here')
  }

  return createAdminRoutes().openapi(dryRunPolicy, async context => {
    const body = context.req.valid('json')
    const policy = await policyOf(body)
    if (!policy.ok) return answerRefusal(context, policy.refusal) as never
    const operation = await operationOf(body)
    if (!operation.ok) return answerRefusal(context, operation.refusal) as never
    const report = await dryRun({
      policy: policy.value,
      operation: operation.value,
      nowSeconds: body.atSeconds ?? now(),
      apiKeyId: body.apiKeyId,
    })
    const { refusal } = report
    const { reason } = (refusal?.data ?? {}) as { reason?: string }
    return context.json(
      {
        sponsored: report.isSponsored,
        policyId: policy.value.id,
        version: policy.value.version ?? null,
        maxCostWei: report.maxCostWei === undefined ? null : String(report.maxCostWei),
        tokenSpendWei: report.tokenSpendWei === undefined ? null : String(report.tokenSpendWei),
        token: { symbol, decimals },
        refusal: refusal === undefined ? null : { reason: reason ?? 'refused', message: refusal.message },
        outcomes: report.outcomes.map(({ code = null, values = {}, ...outcome }) => ({
          ...{ ...outcome, code },
          values: { ...values },
        })),
      },
      200,
    )
  })
}

function readWritten(definition: unknown): Result<Policy> {
  const read = readPolicy(definition)
  if (read.ok) return accept(read.policy)
  const [first] = read.problems
  const message = read.problems.map(({ field, problem }) => `${field} ${problem}`.trim()).join('; ')
  return malformed(first?.field === '' ? 'definition' : `definition.${first?.field}`, message)
}

function malformed(field: string, message: string): Result<never> {
  return refuseOperator({ status: 400, code: 'malformed', message, hint: 'mend it and try again', field })
}

function unknown(field: string, message: string): Result<never> {
  return refuseOperator({ status: 404, code: 'notFound', message, hint: 'look into the list', field })
}
