// Where this service lets itself be sent by somebody's URL: to public addresses only, so that whoever may name a URL
// cannot have it ask the machines behind the operator's firewall, or the cloud's metadata.
import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv4 } from 'node:net'
import { accept, type Result, refuse } from '../result.ts'

/** An address that a name was found to have, once: whoever connects, connects to this one. */
export type ResolvedAddress = { readonly address: string; readonly family: 4 | 6 }

export type ResolveName = (hostname: string) => Promise<readonly ResolvedAddress[]>

export type AddressRules = {
  /** The operator's own networks are meant: loopback and private addresses, and http, are allowed. */
  readonly allowPrivateNetworks: boolean
  readonly resolve?: ResolveName
}

const invalidUrl = -32602
const mostUrlCharacters = 2_048

const nowhere = blockList(
  ['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  [],
)
/** Never meant, wherever the service runs: metadata of clouds is among them. */
const neverAllowed = blockList(
  ['169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
  ['fe80::/10', 'ff00::/8', '::/128', '64:ff9b::/96', '64:ff9b:1::/48', '2001::/32', '2002::/16'],
)
const privateNetworks = blockList(
  ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15'],
  ['::1/128', 'fc00::/7'],
)
/** Of IPv6 what is public is named, and all else is not. */
const globalIpv6 = blockList([], ['2000::/3'])
const documentationIpv6 = blockList([], ['2001::/23', '2001:db8::/32', '3fff::/20'])

/** Why nothing is sent to this address; undefined when it may be. */
export function addressProblem(address: string, { allowPrivateNetworks }: AddressRules): string | undefined {
  const plain = withoutMapping(address)
  const isIn = (list: BlockList): boolean => list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
  if (isIP(plain) === 0) return `${address} is not an IP address`
  if (isIn(neverAllowed)) return `${address} is link-local, multicast or reserved`
  if (isIn(privateNetworks)) {
    return allowPrivateNetworks ? undefined : `${address} is a private or loopback address`
  }
  const isPublic = isIPv4(plain) ? !isIn(nowhere) : isIn(globalIpv6) && !isIn(documentationIpv6)
  return isPublic ? undefined : `${address} is not a public address`
}

/** What can be said of a URL before its name is looked up. */
export function readOutgoingUrl(text: string, rules: AddressRules): Result<URL> {
  if (text.length > mostUrlCharacters) return unfit(`is longer than ${mostUrlCharacters} characters`)
  if (!URL.canParse(text)) return unfit('is not a URL: write it as https://example.com/path')
  const url = new URL(text)
  const schemes = rules.allowPrivateNetworks ? ['https:', 'http:'] : ['https:']
  if (!schemes.includes(url.protocol)) {
    return unfit(
      `begins with ${url.protocol}// and must begin with https:// (http:// is for networks of your own, with --webhook-private-networks)`,
    )
  }
  if (url.username !== '' || url.password !== '') {
    return unfit('holds a user name or password: leave them out, the signature says who sends')
  }
  const literal = hostOf(url)
  const problem = isIP(literal) === 0 ? undefined : addressProblem(literal, rules)
  return problem === undefined ? accept(url) : unfit(`leads nowhere that is public: ${problem}`)
}

/** Looks the name up, once. Refuses when any of its addresses is not public: which of them was taken would be chance. */
export async function resolvePublicAddress(url: URL, rules: AddressRules): Promise<Result<ResolvedAddress>> {
  const host = hostOf(url)
  const found = isIP(host) === 0 ? await lookUp(host, rules) : [{ address: host, family: familyOf(host) }]
  const [first] = found
  if (first === undefined) return unfit(`names ${host}, which has no address`)
  for (const { address } of found) {
    const problem = addressProblem(address, rules)
    if (problem !== undefined) return unfit(`leads nowhere that is public: ${host} is ${problem}`)
  }
  return accept(first)
}

async function lookUp(host: string, rules: AddressRules): Promise<readonly ResolvedAddress[]> {
  try {
    return await (rules.resolve ?? resolveBySystem)(host)
  } catch {
    return []
  }
}

const resolveBySystem: ResolveName = async host =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => ({
    address,
    family: familyOf(address),
  }))

/** Of a URL's host; IPv6 without its brackets. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

function familyOf(address: string): 4 | 6 {
  return isIPv4(address) ? 4 : 6
}

function unfit(problem: string): Result<never> {
  return refuse({ code: invalidUrl, message: `The URL ${problem}`, data: { field: 'url' } })
}

/** `::ffff:127.0.0.1`, `::ffff:7f00:1` and `::127.0.0.1` are the IPv4 address inside. */
function withoutMapping(address: string): string {
  if (isIP(address) !== 6) return address
  // The URL parser writes IPv6 in its shortest form, with an IPv4 address at the end as two groups.
  const shortest = new URL(`http://[${address.split('%', 1).join()}]`).hostname.slice(1, -1)
  const groups = /^::(?:ffff:(?:0:)?)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(shortest)
  if (groups === null) return shortest
  const bits = Number.parseInt(groups[1] ?? '0', 16) * 65_536 + Number.parseInt(groups[2] ?? '0', 16)
  return [24, 16, 8, 0].map(shift => (bits >>> shift) & 255).join('.')
}

function blockList(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of [...ipv4, ...ipv6]) {
    const [address = '', bits = ''] = network.split('/')
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return list
}
