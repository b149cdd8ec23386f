// What an operator watches of the ways into the machines.
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Guests } from './guests.ts'
import type { SshEvent } from './ssh/sshServer.ts'

export type AccessMetrics = {
  ssh(event: SshEvent): void
  putOut(count: number): void
}

export function createAccessMetrics(registry: Registry, guests: Pick<Guests, 'count'>): AccessMetrics {
  const registers = [registry]
  const ssh = new Counter({
    name: 'provider_ssh_connections_total',
    help: 'SSH connections: admitted, refused (an attempt to authenticate), late, or turned away before a handshake',
    labelNames: ['event'],
    registers,
  })
  const putOut = new Counter({
    name: 'provider_guests_put_out_total',
    help: 'Connections into machines that were closed because the right behind them had ended',
    registers,
  })
  new Gauge({
    name: 'provider_guests',
    help: 'Connections into machines that are open',
    registers,
    collect() {
      this.set(guests.count())
    },
  })
  return { ssh: event => ssh.inc({ event }), putOut: count => putOut.inc(count) }
}
