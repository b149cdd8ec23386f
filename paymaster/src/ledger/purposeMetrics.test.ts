import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { Registry } from 'prom-client'
import { type Hash, numberToHex } from 'viem'
import { expect, it } from 'vitest'
import { onChainPolicyId } from '../policy/policyId.ts'
import type { Landing } from './advance.ts'
import { createLedger } from './ledger.ts'
import { watchPurposes } from './purposeMetrics.ts'
import { type LedgerSchema, ledgerMigrations } from './schema.ts'

const hash = (index: number): Hash => numberToHex(index + 1, { size: 32 })

it('shows what is held and what was spent, in wei, by mode and policy', async () => {
  const database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  const ledger = createLedger(database)
  const registry = new Registry()
  const policyId = onChainPolicyId('welcome')
  const policies = { idOf: (id: string) => (id === policyId ? 'welcome' : undefined) }
  watchPurposes({ ledger, policies, registers: [registry] })
  const advance = (head: number, landings: Landing[]) =>
    ledger.advance({
      removedBlocks: [],
      landings,
      head: { number: BigInt(head), hash: hash(head) },
      depositWei: 1_000n,
      final: { number: BigInt(head - 1), timestamp: 0n },
    })
  try {
    await advance(1, [])
    const sender = numberToHex(7, { size: 20 })
    const wish = { sender, nonce: 0n, maxCostWei: 100n, validUntil: 9, budgets: [] }
    const reserved = await ledger.reserve(wish)
    if (!reserved.ok) throw new Error(reserved.refusal.message)
    const signed = { userOperationHash: hash(50), exposureId: reserved.value, mode: 'sponsor', policyId }
    await ledger.record({ ...signed, maxCostWei: 100n, validUntil: 9, budgetIds: [] })
    expect(await registry.metrics()).toContain('paymaster_held_wei{mode="sponsor",policy="welcome"} 100\n')
    const block = { number: 2n, hash: hash(2) }
    const rest = { paidByUs: true, succeeded: true, transactionHash: hash(0), block }
    await advance(2, [{ userOperationHash: hash(50), sender, nonce: 0n, costWei: 60n, lossWei: 5n, ...rest }])
    await advance(3, [])
    const metrics = await registry.metrics()
    expect(metrics).not.toContain('paymaster_held_wei{')
    expect(metrics).toContain('paymaster_spent_wei{mode="sponsor",policy="welcome"} 60\n')
    expect(metrics).toContain('paymaster_lost_wei{mode="sponsor",policy="welcome"} 5\n')
    expect(metrics).toContain('paymaster_final_operations{mode="sponsor",policy="welcome"} 1\n')
  } finally {
    await database.destroy()
  }
})
