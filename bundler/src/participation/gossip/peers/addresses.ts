// What an address says about who is behind it.
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'

/** Of IPv4 the address, of IPv6 its /64: what one person gets. Other transports have no such thing. */
export function addressGroup(address: Multiaddr): string {
  for (const { name, value = '' } of address.getComponents()) {
    if (name === 'ip4') return value
    if (name === 'ip6') return `${expanded(value).slice(0, 4).join(':')}::/64`
  }
  return address.toString()
}

/** Where a second node of the same operator is likely to be: of IPv4 the /16, of IPv6 the /32. */
export function neighbourhood(address: Multiaddr): string {
  for (const { name, value = '' } of address.getComponents()) {
    if (name === 'ip4') return value.split('.').slice(0, 2).join('.')
    if (name === 'ip6') return expanded(value).slice(0, 2).join(':')
    if (name.startsWith('dns')) return value.split('.').slice(-2).join('.')
  }
  return address.toString()
}

/** Addresses that only this machine or its local network knows. */
export function isLocal(address: Multiaddr): boolean {
  for (const { name, value = '' } of address.getComponents()) {
    if (name === 'ip4')
      return /^(?:127|10)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\./.test(value)
    if (name === 'ip6') return /^(?:::1$|f[cde])/i.test(value)
    if (name.startsWith('dns')) return value === 'localhost' || !value.includes('.')
  }
  return false
}

/** All addresses of a machine: good to listen on, and nowhere to dial. */
export function isUnspecified(address: Multiaddr): boolean {
  return address
    .getComponents()
    .some(({ name, value }) => (name === 'ip4' && value === '0.0.0.0') || (name === 'ip6' && value === '::'))
}

/** Undefined for what is no multiaddr. */
export function parseMultiaddr(text: string): Multiaddr | undefined {
  try {
    return multiaddr(text)
  } catch {
    return undefined
  }
}

function expanded(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after]
}
