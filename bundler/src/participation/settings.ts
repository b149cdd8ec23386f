// What an operator sets to bundle beside others.
import { integer, list, optionalAddress, optionalText, toggle } from '@worldland-aa/service/config/setting'
import { z } from 'zod'

const group = 'Participation'

/** Of peers: an address to listen on, to announce or to dial. */
export const multiaddr = z
  .string('must be text')
  .regex(/^(?:\/[^\s,/]+){2,32}$/, 'must be a multiaddr, such as /ip4/203.0.113.7/tcp/4340')
  .max(512, 'must be at most 512 characters long')

export const participationSettings = {
  bundlerRegistry: optionalAddress({
    group,
    describe:
      'the BundlerRegistry whose leader windows this node keeps; without it the node bundles by itself, and nothing below counts',
  }),
  bundleGuard: optionalAddress({
    group,
    describe:
      'the BundleGuard that bundles go through: it lands nothing out of turn, and drops what another has landed',
  }),
  nodeKey: optionalText({
    group,
    describe:
      "the node's secp256k1 key: its name in the registry and among peers, which signs commits and promises",
    secret: true,
  }),
  operatorKey: optionalText({
    group,
    describe:
      'key of an account with some coin, no executor: rolls epochs, answers challenges, claims tips; without it others roll',
    secret: true,
  }),
  p2pListen: list({
    group,
    describe: 'multiaddrs on which other bundlers are heard, such as /ip4/0.0.0.0/tcp/4340',
    item: multiaddr,
    fallback: [],
  }),
  p2pAnnounce: list({
    group,
    describe: 'multiaddrs under which others reach this node, where they differ from those it listens on',
    item: multiaddr,
    fallback: [],
  }),
  bootnodes: list({
    group,
    describe: 'multiaddrs, each ending in /p2p/…, of nodes to meet beside those of the registry',
    item: multiaddr,
    fallback: [],
  }),
  promises: toggle({
    group,
    describe: 'sign inclusion promises when this node is about to lead; one that it breaks is fined',
    fallback: true,
  }),
  promiseMarginBlocks: integer({
    group,
    describe: 'blocks after the end of its window that a promise leaves this node to keep it',
    fallback: 8,
    minimum: 0,
    maximum: 128,
  }),
} as const
