// Who was turned away before anything was done for him, and why: an operator should see that limits bite.
import { Counter, type Registry } from 'prom-client'

export type TurnedAway = (
  reason: 'connections' | 'pipelining' | 'unread' | 'size' | 'bytes' | 'busy' | 'calls',
) => void

export function createDoorMetrics(registry: Registry): TurnedAway {
  const turnedAway = new Counter({
    name: 'door_turned_away_total',
    help: 'Requests and connections turned away, by reason (connections, pipelining, unread, size, bytes, busy, calls)',
    labelNames: ['reason'],
    registers: [registry],
  })
  return reason => turnedAway.inc({ reason })
}
