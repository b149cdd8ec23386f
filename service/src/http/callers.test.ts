import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCallers, isAddressOrNetwork, networkOf } from './callers.ts'

function callerOf(trusted: readonly string[], remoteAddress: string, forwardedFor?: string): string {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  return createCallers(trusted).callerOf({ socket: { remoteAddress }, headers } as unknown as IncomingMessage)
}

describe('who calls', () => {
  it('is whoever the socket leads to, whatever a stranger writes in a header', () => {
    expect(callerOf([], '203.0.113.7', '198.51.100.1')).toBe('203.0.113.7')
    expect(callerOf(['10.0.0.0/8'], '203.0.113.7', '198.51.100.1')).toBe('203.0.113.7')
    expect(callerOf([], '::ffff:203.0.113.7')).toBe('203.0.113.7')
  })

  it('is the last stranger that a trusted proxy names, not what he wrote before himself', () => {
    const trusted = ['10.0.0.0/8', '2001:db8:ffff::/48', '192.0.2.1']
    expect(callerOf(trusted, '10.1.2.3', '198.51.100.1')).toBe('198.51.100.1')
    expect(callerOf(trusted, '10.1.2.3', '1.2.3.4, 198.51.100.1, 192.0.2.1')).toBe('198.51.100.1')
    expect(callerOf(trusted, '::ffff:10.1.2.3', '198.51.100.1:4711')).toBe('198.51.100.1')
    expect(callerOf(trusted, '2001:db8:ffff::1', '[2001:db8:1:2:3::4]:4711')).toBe('2001:db8:1:2::')
    expect(callerOf(trusted, '10.1.2.3', '1.2.3.4, nonsense')).toBe('10.1.2.3')
    expect(callerOf(trusted, '10.1.2.3')).toBe('10.1.2.3')
    expect(callerOf(trusted, '10.1.2.3', '10.9.9.9, 10.8.8.8')).toBe('10.9.9.9')
  })

  it('is one for all addresses of an IPv6 /64, and another for the next', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    const groups = fc.array(group, { minLength: 4, maxLength: 4 })
    const address = (parts: readonly number[]) => parts.map(part => part.toString(16)).join(':')
    fc.assert(
      fc.property(groups, groups, groups, (network, one, other) => {
        const caller = networkOf(address([...network, ...one]))
        expect(networkOf(address([...network, ...other]))).toBe(caller)
        const [first = 0, ...rest] = network
        expect(networkOf(address([first ^ 1, ...rest, ...one]))).not.toBe(caller)
        // It can be told to the next who counts.
        expect(networkOf(caller)).toBe(caller)
      }),
    )
    expect(networkOf('2001:db8::1')).toBe(networkOf('2001:0db8:0:0:ffff::'))
    expect(networkOf('::1')).toBe('0:0:0:0::')
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::')
    expect(networkOf('64:ff9b::192.0.2.33')).toBe('64:ff9b:0:0::')
  })
})

it('a proxy is told by an address or a network', () => {
  for (const good of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', '0.0.0.0/0']) {
    expect(isAddressOrNetwork(good), good).toBe(true)
  }
  for (const bad of ['', 'localhost', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1']) {
    expect(isAddressOrNetwork(bad), bad).toBe(false)
  }
})
