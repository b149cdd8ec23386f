// Where an image comes from by its name, as engines tell it: whoever names an image has this host ask there for it. What only
// this host and its neighbours reach is for the operator to name, not for renters.
import { BlockList, isIP } from 'node:net'

/** Undefined: the engine's own default, Docker Hub. */
export function registryOf(image: string): string | undefined {
  const end = image.indexOf('/')
  if (end === -1) return undefined
  const first = image.slice(0, end)
  // An engine takes a part with a capital letter for the name of a host as well.
  return /[.:*]/.test(first) || first === 'localhost' || first !== first.toLowerCase() ? first : undefined
}

/** Name or address, without its port. */
export function hostOf(registry: string): string {
  return registry
    .replace(/:[^:\]]*$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
}

/** By its name alone: what stands there is asked of nobody. */
export function isInwardName(host: string): boolean {
  if (isIP(host) !== 0) return isInwardAddress(host)
  // Some resolvers take 127.1, 0x7f.1 and 2130706433 for addresses, and no name of the internet ends in a number.
  if (!host.includes('.') || /(^|\.)(0x[0-9a-f]*|\d+)$/.test(host)) return true
  return inwardEndings.test(host)
}

const inwardEndings =
  /\.(localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|test)$/

export function isInwardAddress(address: string): boolean {
  // An IPv4 address within an IPv6 one is known by the networks of the former.
  return inward.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

const inward = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inward.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inward.addSubnet(network, prefix, 'ipv6')
