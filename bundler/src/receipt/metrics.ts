// What an operator sees of what the chain said.
import { Counter, type Registry } from 'prom-client'

export type ReceiptMetrics = {
  readonly landed: Counter
  readonly ownLanded: Counter
  readonly walkedBack: Counter
  readonly lookups: Counter<'outcome'>
}

export function createReceiptMetrics(registry: Registry): ReceiptMetrics {
  const registers = [registry]
  return {
    landed: new Counter({
      name: 'bundler_receipt_landed_total',
      help: 'Operations seen in canonical blocks, whoever sent them',
      registers,
    }),
    ownLanded: new Counter({
      name: 'bundler_receipt_own_landed_total',
      help: 'Of these, operations that this node had acknowledged',
      registers,
    }),
    walkedBack: new Counter({
      name: 'bundler_receipt_walked_back_total',
      help: 'Operations that a reorg took out of the chain',
      registers,
    }),
    lookups: new Counter({
      name: 'bundler_receipt_lookups_total',
      help: 'Searches of the chain for operations this node never saw',
      labelNames: ['outcome'],
      registers,
    }),
  }
}
