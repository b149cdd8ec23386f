// Who calls: whoever is at the other end of the socket or, where that is a proxy that the operator trusts, whom the
// proxy names. Nobody else is believed, for anyone can write a header.
import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4 } from 'node:net'

export type Callers = {
  /** An address, of IPv6 the /64 that one customer is given: whose limits a request counts against. */
  callerOf(incoming: IncomingMessage): string
  isTrusted(address: string): boolean
}

/** `trustedProxies`: addresses, and networks such as 10.0.0.0/8. */
export function createCallers(trustedProxies: readonly string[]): Callers {
  const trusted = new BlockList()
  for (const proxy of trustedProxies) {
    const [address = '', prefix] = proxy.split('/')
    if (prefix === undefined) trusted.addAddress(address, familyOf(address))
    else trusted.addSubnet(address, Number(prefix), familyOf(address))
  }
  const isTrusted = (address: string): boolean => {
    if (trustedProxies.length === 0) return false
    const plain = withoutMapping(address)
    return isIP(plain) !== 0 && trusted.check(plain, familyOf(plain))
  }

  return {
    isTrusted,
    callerOf({ socket, headers }) {
      let address = withoutMapping(socket.remoteAddress ?? 'unknown')
      if (isTrusted(address)) {
        // Each proxy adds behind the others whom it heard: what stands before the last stranger, he may have written.
        for (const hop of forwardedFor(headers['x-forwarded-for']).toReversed()) {
          if (isIP(hop) === 0) break
          address = hop
          if (!isTrusted(address)) break
        }
      }
      return networkOf(address)
    },
  }
}

/** An address, or a network of so many leading bits. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  if (isIP(address) === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIPv4(address) ? 32 : 128))
}

/** What one customer is given: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(address: string): string {
  const plain = withoutMapping(address)
  if (isIP(plain) !== 6) return plain
  const [head = '', tail] = plain.split('%', 1).join().split('::')
  const groups = groupsOf(head)
  if (tail !== undefined) {
    const after = groupsOf(tail)
    // An IPv4 address at the end is two groups in one word.
    const known = groups.length + after.length + (tail.includes('.') ? 1 : 0)
    groups.push(...new Array<string>(8 - known).fill('0'), ...after)
  }
  const network = groups.slice(0, 4).map(group => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::`
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':')
}

/** How a socket of both families writes an IPv4 address. */
function withoutMapping(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : ''
  return isIPv4(mapped) ? mapped : address
}

/** Some proxies write the port as well. */
function forwardedFor(header: string | readonly string[] | undefined): readonly string[] {
  const hops = String(header ?? '').split(',')
  return hops.map(hop => {
    const text = hop.trim()
    const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1]
    return withoutMapping(bracketed ?? (isIP(text) === 0 ? text.replace(/:\d+$/, '') : text))
  })
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6'
}
