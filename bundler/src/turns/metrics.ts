// How many wait for their turn, and who was refused one.
import { Counter, Gauge, type Registry } from 'prom-client'
import type { TurnsOptions } from './turns.ts'

export function createTurnMetrics(
  registry: Registry,
): Required<Pick<TurnsOptions, 'onRefused' | 'onWaiting'>> {
  const refused = new Counter({
    name: 'bundler_turns_refused_total',
    help: 'Validations and estimates refused a turn, by reason (full: too many waited; unpaid: their caller had had too much time)',
    labelNames: ['reason'],
    registers: [registry],
  })
  const waiting = new Gauge({
    name: 'bundler_turns_waiting',
    help: 'Validations and estimates that wait for their turn',
    registers: [registry],
  })
  return {
    onRefused: reason => refused.inc({ reason }),
    onWaiting: change => waiting.inc(change),
  }
}
