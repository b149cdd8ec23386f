// What is held and what was spent, in wei, by mode and policy, for Prometheus.
import { Gauge, type Registry } from 'prom-client'
import type { PolicyBook } from '../policy/policyBook.ts'
import { noPolicyId } from '../policy/policyId.ts'
import type { Ledger } from './ledger.ts'
import type { Purpose } from './spend.ts'

type Labels = { readonly mode: string; readonly policy: string }

export function watchPurposes(options: {
  readonly ledger: Pick<Ledger, 'held' | 'spend'>
  readonly policies: Pick<PolicyBook, 'idOf'>
  readonly registers: Registry[]
}): void {
  const { ledger, policies, registers } = options

  /** Without a policy the sender pays; one that is written nowhere any more goes by what the contract carries. */
  function labelsOf({ mode, policyId }: Purpose): Labels {
    const policy = policyId === noPolicyId || policyId === '0x' ? '' : (policies.idOf(policyId) ?? policyId)
    return { mode, policy }
  }

  const gauge = (name: string, help: string, read: () => Promise<readonly (readonly [Purpose, number])[]>) =>
    new Gauge({
      name,
      help,
      labelNames: ['mode', 'policy'],
      registers,
      async collect() {
        const values = await read()
        this.reset()
        for (const [purpose, value] of values) this.set(labelsOf(purpose), value)
      },
    })

  gauge(
    'paymaster_held_wei',
    'What may still be spent by operations that are signed for and not final',
    async () => (await ledger.held()).map(held => [held, Number(held.heldWei)] as const),
  )
  const ofSpend = (
    name: string,
    help: string,
    read: (spend: Awaited<ReturnType<Ledger['spend']>>[number]) => number,
  ) => gauge(name, help, async () => (await ledger.spend()).map(spend => [spend, read(spend)] as const))
  ofSpend(
    'paymaster_spent_wei',
    'Gas that final operations have cost the deposit, since the ledger began',
    spend => Number(spend.costWei),
  )
  ofSpend('paymaster_lost_wei', 'The part of it that should have come back in the token and did not', spend =>
    Number(spend.lossWei),
  )
  ofSpend('paymaster_final_operations', 'How many operations that were', spend => spend.operations)
}
