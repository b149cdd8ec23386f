// Fills a data file with decisions as a busy house has them after a month: many senders and one that asks for a fifth of
// all, some policies, every reason, most of what was granted final. By SQL alone, for there are a million.

import { type LedgerSchema, ledgerMigrations } from '@worldland-aa/paymaster/ledger/schema'
import { onChainPolicyId } from '@worldland-aa/paymaster/policy/policyId'
import { openDatabase } from '@worldland-aa/service/database/openDatabase'

export const policies = Array.from({ length: 12 }, (_, index) => `policy-${index}`)
export const reasons = [
  'callNotAllowed',
  'budgetUsedUp',
  'feeTooLow',
  'senderNotAllowed',
  'executionWouldFail',
  'nonceUsed',
]
export const monthSeconds = 30 * 86_400
/** Seconds since the Unix epoch at which the month ends. */
export const monthEnd = 1_790_000_000
const senders = 20_000

export async function fillExplorer(path: string, operations: number): Promise<void> {
  const database = await openDatabase<LedgerSchema>({ path, migrations: ledgerMigrations })
  const run = async (statement: string): Promise<void> => {
    // A statement as it is, without Kysely's builder.
    await database.executeQuery({ sql: statement, parameters: [], query: { kind: 'RawNode' } } as never)
  }
  await run('pragma synchronous = off')
  await run('pragma foreign_keys = off')
  const quoted = (values: readonly string[]): string =>
    values.map((one, index) => `(${index}, '${one}')`).join(', ')
  await run(
    `create temp table one_of_policies as select column1 as n, column2 as id from (values ${quoted(policies.map(onChainPolicyId))})`,
  )
  await run(
    `create temp table one_of_reasons as select column1 as n, column2 as reason from (values ${quoted(reasons)})`,
  )
  await run(`create temp table one_of_senders as with recursive n(n) as (select 0 union all select n + 1 from n
    where n < ${senders - 1}) select n, randomblob(20) as sender from n`)
  await run('create unique index temp.senders_by_n on one_of_senders (n)')
  await run(`create temp table made as
    with recursive n(n) as (select 1 union all select n + 1 from n where n < ${operations})
    select n as row_n, ${monthEnd - monthSeconds} + n * ${monthSeconds} / ${operations} as at,
      case when abs(random()) % 5 = 0 then 0 else abs(random()) % ${senders} end as sender_n,
      abs(random()) % 100 as luck, abs(random()) % ${policies.length} as policy_n, abs(random()) % ${reasons.length} as reason_n,
      abs(random()) % 4 as key_n, abs(random()) % 10 as mode_n from n`)
  await run(
    `create temp table told as select row_n as n, at, sender, cast(row_n % 700 as text) as nonce,
      case when luck < 15 then 'refused' else 'granted' end as outcome,
      case when luck < 15 then 'none' when row_n > ${operations} - 300 then 'reserved' when row_n > ${operations} - 600 then 'included'
        when luck < 35 then 'expired' when luck < 37 then 'replaced' else 'final' end as state,
      case when mode_n < 6 then 'sponsor' when mode_n < 8 then 'token' when mode_n = 8 then 'tokenDeferred' else 'tank' end as mode,
      case when mode_n < 6 and luck >= 15 then one_of_policies.id else '' end as policy_id,
      case when luck < 15 then one_of_reasons.reason else '' end as reason,
      case when key_n = 0 then '' else 'key-' || key_n end as api_key_id
    from made join one_of_senders on one_of_senders.n = sender_n
    join one_of_policies on one_of_policies.n = policy_n join one_of_reasons on one_of_reasons.n = reason_n order by row_n`,
  )
  await run(`insert into decision_facet (outcome, state, mode, policy_id, reason, api_key_id, decisions)
    select outcome, state, mode, policy_id, reason, api_key_id, count(*) from told group by 1, 2, 3, 4, 5, 6`)
  await run(`insert into exposure (id, sender, nonce, state, reserved_wei, valid_until, landed_block_number, landed_at,
      landed_user_operation_hash, landed_block_hash, actual_cost_wei, loss_wei, succeeded, mode, policy_id)
    select n, '0x' || lower(hex(sender)), n || '', case state when 'final' then 'FINAL' when 'included' then 'INCLUDED'
        when 'reserved' then 'RESERVED' else 'EXPIRED' end, '1000000000000000', at + 180,
      iif(state in ('final', 'included'), n, null), iif(state in ('final', 'included'), at + 20, null), null, null,
      iif(state in ('final', 'included'), '' || (400000000000000 + n), null), '0', 1, mode, policy_id
    from told where outcome = 'granted'`)
  await run(`insert into decision (id, facet_id, at, last_at, times, sender, nonce, user_operation_hash, exposure_id, caller,
      policy_version, max_cost_wei, is_landed)
    select n, facet.id, at, at, 1, sender, nonce, iif(told.outcome = 'granted', randomblob(32), null),
      iif(told.outcome = 'granted', n, null), '203.0.113.7', 3, '1000000000000000', told.state in ('final', 'included')
    from told join decision_facet facet on facet.outcome = told.outcome and facet.state = told.state
      and facet.mode = told.mode and facet.policy_id = told.policy_id and facet.reason = told.reason
      and facet.api_key_id = told.api_key_id order by n`)
  await run(`update exposure set landed_user_operation_hash =
      (select '0x' || lower(hex(user_operation_hash)) from decision where decision.id = exposure.id),
      landed_block_hash = '0x00' where state in ('FINAL', 'INCLUDED')`)
  await run(`insert into decision_detail (decision_id, sentence, rules, calls, more_calls, operation, call_data)
    select n, 'Policy sponsors it.', json_array(json_object('rule', 'calls', 'passed', json('true'), 'detail', 'all listed')),
      json_array(), 0, '{}', zeroblob(320) from told`)
  await database.destroy()
}
