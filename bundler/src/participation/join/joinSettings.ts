// What `join` asks of a person: where the network is, what to stake, and under which address others reach it.
import {
  httpUrl,
  integer,
  list,
  optionalHttpUrl,
  text,
  toggle,
  wei,
} from '@worldland-aa/service/config/setting'
import { multiaddr } from '../settings.ts'

const ether = 10n ** 18n

export const joinSettings = {
  network: text({
    group: 'Network',
    describe: 'the file that describes the network of bundlers, as its founders publish it',
    placeholder: 'file',
    fallback: 'network.json',
  }),
  rpcUrl: httpUrl({
    group: 'Network',
    describe: 'JSON-RPC of an execution node; public eth_* methods are all it needs',
  }),
  stake: wei({
    group: 'Bundler',
    describe: 'what to stake, in all; more is more windows to lead. 0: the least that the registry takes',
    fallback: 0n,
  }),
  folder: text({
    group: 'Bundler',
    describe: 'where its keys, configuration and data are kept; made when missing',
    placeholder: 'folder',
    fallback: 'worldland-bundler',
  }),
  executors: integer({
    group: 'Bundler',
    describe: 'how many keys send its bundles',
    fallback: 2,
    minimum: 1,
    maximum: 16,
  }),
  executorFundsWei: wei({
    group: 'Bundler',
    describe: 'what each of them is given to begin with; what a bundle costs comes back with it',
    fallback: ether / 2n,
  }),
  port: integer({
    group: 'Bundler',
    describe: 'where wallets and dApps reach it, by JSON-RPC on loopback',
    fallback: 4337,
    minimum: 1,
    maximum: 65_535,
  }),
  paymasterUrl: optionalHttpUrl({
    group: 'Bundler',
    describe: 'JSON-RPC of the paymaster that answers pm_* on this URL, if you run one',
  }),
  p2pListen: list({
    group: 'Other bundlers',
    describe: 'where other bundlers reach it',
    item: multiaddr,
    fallback: ['/ip4/0.0.0.0/tcp/4340'],
  }),
  p2pAnnounce: list({
    group: 'Other bundlers',
    describe:
      'under which addresses of the open internet, such as /ip4/203.0.113.7/tcp/4340; they go on chain. None: it dials, and is not dialled',
    item: multiaddr,
    fallback: [],
  }),
  canary: toggle({
    group: 'At the end',
    describe: 'send a first operation of its own, which some bundler lands; costs a deployment',
    fallback: true,
  }),
  start: toggle({ group: 'At the end', describe: 'start it here and now', fallback: true }),
} as const
