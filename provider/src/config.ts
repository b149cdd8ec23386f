// Everything an operator can set, in the order a person sets it up. Flags, WORLDLAND_PROVIDER_… variables, the JSON file
// and --help all follow from this one record; each part of the daemon adds its own below.
import { lagPatienceSeconds } from '@worldland-aa/service/config/lagPatience'
import { serverSettings } from '@worldland-aa/service/config/serverSettings'
import {
  httpUrl,
  integer,
  oneOf,
  optionalHttpUrl,
  optionalText,
  type Setting,
  type SettingValues,
  text,
  toggle,
} from '@worldland-aa/service/config/setting'
import { parsePrivateKeys } from '@worldland-aa/service/keys/parsePrivateKeys'
import { z } from 'zod'
import { fileSettings } from './files/settings.ts'

/** Its doors are no JSON-RPC's. */
const { maxBatchLength: _, ...doorSettings } = serverSettings({ port: 4340 })

const providerKey = z.string().superRefine((key, context) => {
  const parsed = parsePrivateKeys(key)
  if (!parsed.ok)
    context.addIssue({ code: 'custom', message: `does not hold a key: ${parsed.refusal.message}` })
  else if (parsed.value.length > 1)
    context.addIssue({ code: 'custom', message: 'holds several keys: a provider has one' })
})

export const providerSettings = {
  rpcUrl: httpUrl({ group: 'Chain', describe: 'JSON-RPC of any execution node' }),
  contractsFile: text({
    group: 'Chain',
    describe:
      "JSON file with the market's addresses, as npm run deploy -- --output or .devnet/devnet.json holds them",
    placeholder: 'file',
  }),
  pollMilliseconds: integer({
    group: 'Chain',
    describe: 'how often to look for a new block',
    fallback: 1_000,
    minimum: 50,
    maximum: 60_000,
  }),
  lagPatienceSeconds,
  finalityBlocks: integer({
    group: 'Chain',
    describe:
      'blocks on top after which what the chain says is final: then a machine that was frozen is wiped',
    fallback: 12,
    minimum: 1,
    maximum: 200,
  }),

  providerKey: {
    group: 'Provider',
    describe: 'private key of the provider; with --bundler-url, of the owner of its ComputeAccount',
    schema: providerKey,
    secret: true,
  } satisfies Setting<string>,
  bundlerUrl: optionalHttpUrl({
    group: 'Provider',
    describe:
      "a bundler's JSON-RPC: the provider is then a ComputeAccount that pays its gas in the compute token and needs no native coin",
  }),
  paymasterUrl: optionalHttpUrl({
    group: 'Provider',
    describe: "JSON-RPC of the paymaster that takes the token; default: the bundler's, which answers for it",
  }),
  marketFile: text({
    group: 'Provider',
    describe: 'JSON file of what is offered, and to whom (provider/README.md); read anew at SIGHUP',
    placeholder: 'file',
    fallback: './provider.json',
  }),
  dataFolder: text({
    group: 'Provider',
    describe: 'folder of the database, the sealing key and the machines; made when missing',
    placeholder: 'folder',
    fallback: './provider-data',
  }),
  publicUrl: optionalHttpUrl({
    group: 'Provider',
    describe:
      'where the public finds this door, such as https://gpu.example.com; default: http, --host and --port',
  }),

  driver: oneOf({
    group: 'Machines',
    describe:
      'where machines come from: containers, or plain processes that nothing keeps from this host; auto: docker where an engine answers',
    fallback: 'auto',
    choices: ['auto', 'docker', 'process'],
  }),
  engineSocket: optionalText({
    group: 'Machines',
    describe:
      'socket of the container engine; default: where DOCKER_HOST says, or /var/run/docker.sock. The engine has to run on this host',
    placeholder: 'file',
  }),
  defaultImage: optionalText({
    group: 'Machines',
    describe: 'image of a lease or an endpoint that names none; without it such a one is refused',
    placeholder: 'image',
  }),
  diskReserveGib: integer({
    group: 'Machines',
    describe:
      'GiB of the disk that images leave free: the fetching of one that would take them is broken off; 0 for none',
    fallback: 10,
    minimum: 0,
    maximum: 1_000_000,
  }),
  imageIdleHours: integer({
    group: 'Machines',
    describe:
      'hours without use after which an image that this daemon fetched is given up; 0 keeps all. Whatever was put there otherwise stays',
    fallback: 168,
    minimum: 0,
    maximum: 87_600,
  }),
  withoutGpus: toggle({
    group: 'Machines',
    describe: 'serve leases without GPUs, whatever their offers say: for trying out',
    fallback: false,
  }),

  sshHost: text({
    group: 'Access',
    describe: 'address of the SSH door, through which renters reach their machines',
    fallback: '127.0.0.1',
  }),
  sshPort: integer({
    group: 'Access',
    describe: 'its port; 0 takes any free one',
    fallback: 4322,
    minimum: 0,
    maximum: 65_535,
  }),
  sshPublicHost: optionalText({
    group: 'Access',
    describe: 'where the public finds the SSH door, on the same port; default: the host of --public-url',
    placeholder: 'name',
  }),
  ...fileSettings,

  workerHost: optionalText({
    group: 'Serverless',
    describe:
      "address of the door for workers; default: the host's side of the machines' network, which nobody else reaches",
    placeholder: 'address',
  }),
  workerPort: integer({
    group: 'Serverless',
    describe: 'its port, where workers that outlive the daemon look for it; 0 takes any free one',
    fallback: 4342,
    minimum: 0,
    maximum: 65_535,
  }),
  webhookPrivateNetworks: toggle({
    group: 'Serverless',
    describe: "let clients' webhooks lead to private and loopback addresses, and by http",
    fallback: false,
  }),
  unsignedIntervalSeconds: integer({
    group: 'Serverless',
    describe: 'how far the running jobs of a payer may go beyond what is signed for before they are ended',
    fallback: 10,
    minimum: 1,
    maximum: 3_600,
  }),

  ...doorSettings,
  maxBodyBytes: {
    ...doorSettings.maxBodyBytes,
    describe: 'largest request body, where a route bounds none of its own',
  },
  operatorHost: text({
    group: 'Server',
    describe: 'address of the door for /health and /metrics',
    fallback: '127.0.0.1',
  }),
  operatorPort: integer({
    group: 'Server',
    describe: 'its port; 0 takes any free one',
    fallback: 4341,
    minimum: 0,
    maximum: 65_535,
  }),
  earningsFromBlock: {
    group: 'Server',
    describe:
      'block from which earnings are counted, when the data folder is new; default: the head at its first start',
    placeholder: 'number',
    schema: integer({
      group: '',
      describe: '',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
    }).schema.optional(),
  } satisfies Setting<number | undefined>,
  controlSocket: optionalText({
    group: 'Server',
    describe:
      'Unix socket for status, drain, earnings and logs; default: provider.control in the data folder',
    placeholder: 'file',
  }),
} as const

export const providerDefinition = { prefix: 'WORLDLAND_PROVIDER', settings: providerSettings } as const

export type ProviderConfig = SettingValues<typeof providerSettings>
