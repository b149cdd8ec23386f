// Everything an operator can set, in the order a person sets it up. Flags, WORLDLAND_PAYMASTER_…
// variables, the JSON file and --help all follow from this one record.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { lagPatienceSeconds } from '@worldland-aa/service/config/lagPatience'
import { serverSettings } from '@worldland-aa/service/config/serverSettings'
import {
  address,
  httpUrl,
  integer,
  oneOf,
  optionalHttpUrl,
  optionalText,
  type Setting,
  type SettingValues,
  text,
  toggle,
  wei,
} from '@worldland-aa/service/config/setting'
import type { Hex } from 'viem'
import { z } from 'zod'
import { validitySecondsRange } from './policy/definition/policySchema.ts'
import { createKeyRing } from './signing/keyRing.ts'

const gwei = 10n ** 9n
const ether = 10n ** 18n
const privateKey = z.string().regex(/^0x[0-9a-fA-F]{64}$/, 'must be a private key: 0x and 64 hex digits')

const signerKeys = z.string().superRefine((text, context) => {
  const parsed = createKeyRing({ keys: text, file: undefined, mayBeOpen: false })
  if (!parsed.ok)
    context.addIssue({ code: 'custom', message: `does not hold keys: ${parsed.refusal.message}` })
})

export const paymasterSettings = {
  rpcUrl: httpUrl({ group: 'Chain', describe: 'JSON-RPC of any execution node' }),
  paymaster: address({ group: 'Chain', describe: 'the ComputePaymaster contract to serve' }),
  entryPoint: address({
    group: 'Chain',
    describe: 'the EntryPoint v0.7 it belongs to',
    fallback: entryPoint07Address,
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
    describe: 'blocks on top after which an inclusion or an expiry is final',
    fallback: 12,
    minimum: 1,
    maximum: 200,
  }),

  signerKey: {
    group: 'Keys',
    describe: 'private keys of signers of the paymaster, one a line: one signs, others wait for a rotation',
    schema: signerKeys,
    secret: true,
  } satisfies Setting<string>,
  treasuryKey: {
    group: 'Keys',
    describe:
      "private key that pays for deposit and (as the paymaster's owner) stake; without it, only warns",
    schema: privateKey.optional() as unknown as z.ZodType<Hex | undefined>,
    secret: true,
  } satisfies Setting<Hex | undefined>,

  ...serverSettings({ port: 4338 }),
  bundlerUrl: optionalHttpUrl({
    group: 'Server',
    describe:
      'JSON-RPC of a bundler that estimates gas for pm_sponsorUserOperation, and for pm_getPaymasterData without gas',
  }),
  dataFile: text({
    group: 'Server',
    describe: 'SQLite file that the ledger lives in',
    fallback: './paymaster.sqlite',
  }),
  ledgerRetentionDays: integer({
    group: 'Server',
    describe:
      'days after which rows of the ledger go that are final; what was never sent goes an hour after it expired, sums and budgets stay',
    fallback: 30,
    minimum: 2,
    maximum: 10_000,
  }),
  unpaidDecisionRows: integer({
    group: 'Server',
    describe:
      'rows kept of what was refused, and of what was signed for and never landed: of more, the oldest go',
    fallback: 200_000,
    minimum: 1_000,
    maximum: 5_000_000,
  }),
  admin: oneOf({
    group: 'Server',
    describe:
      'serve the console (/console) and the admin API (/api/v1); auto: to this machine, where --host is this machine alone',
    fallback: 'auto',
    choices: ['auto', 'on', 'off'],
  }),
  consoleOrigin: optionalHttpUrl({
    group: 'Server',
    describe:
      'where browsers find the console, such as https://paymaster.example.com; passkeys need https or localhost; default: http://localhost and the port',
  }),
  webhookSecretFile: optionalText({
    group: 'Server',
    describe:
      'file that the secrets of webhooks are derived from, made when missing; default: the data file and .webhook-secret',
    placeholder: 'file',
  }),
  controlSocket: optionalText({
    group: 'Server',
    describe:
      'Unix socket for pause, resume, reload, block, unblock and sign-in-link; default: the data file and .control',
    placeholder: 'file',
  }),

  requireApiKey: toggle({
    group: 'Sponsoring',
    describe: 'sign for holders of an API key only',
    fallback: false,
  }),
  policies: optionalText({
    group: 'Sponsoring',
    describe:
      'JSON file of sponsorship policies: it begins them and changes what was not edited in the console; they are kept in the data file',
    placeholder: 'file',
  }),
  webhookPrivateNetworks: toggle({
    group: 'Server',
    describe: 'let webhooks lead to private and loopback addresses, and by http',
    fallback: false,
  }),
  policySecrets: optionalText({
    group: 'Sponsoring',
    describe: 'JSON file of the secrets that policies\' webhooks are signed by: {"name": "whsec_…"}',
    placeholder: 'file',
  }),
  lentDepositPercent: integer({
    group: 'Sponsoring',
    describe: 'of the deposit, what sponsored and deferred operations may hold that have not landed',
    fallback: 75,
    minimum: 1,
    maximum: 100,
  }),
  policyDepositPercent: integer({
    group: 'Sponsoring',
    describe: 'the same of one policy',
    fallback: 50,
    minimum: 1,
    maximum: 100,
  }),
  callerDepositPercent: integer({
    group: 'Sponsoring',
    describe: "the same of one caller, whoever pays; also of a policy's budget and of what is lent in a day",
    fallback: 25,
    minimum: 1,
    maximum: 100,
  }),
  nonceWindow: integer({
    group: 'Sponsoring',
    describe: 'nonces beyond the next one of their lane to sign for',
    fallback: 8,
    minimum: 0,
    maximum: 1_000,
  }),

  markupBps: integer({
    group: 'Paying in the token',
    describe: 'added to the gas cost, in hundredths of a percent',
    fallback: 1_000,
    minimum: 0,
    maximum: 65_535,
  }),
  tokens: optionalText({
    group: 'Paying in the token',
    describe:
      'JSON file of other tokens to take, with their price sources: what a new database begins with (paymaster/docs/tokens.md)',
    placeholder: 'file',
  }),
  tokenValiditySeconds: integer({
    group: 'Paying in the token',
    describe: 'how long a signature is good for',
    fallback: 300,
    minimum: validitySecondsRange.minimum,
    maximum: 3_600,
  }),
  nativeMicroUsd: integer({
    group: 'Paying in the token',
    describe: 'millionths of a US dollar for one native coin, told in quotes; 0 for unknown',
    fallback: 0,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
  }),
  deferredPerSenderWei: wei({
    group: 'Paying in the token',
    describe: 'gas a day that may be lost to one sender whose operation approves the token itself',
    fallback: ether / 20n,
  }),
  deferredGlobalWei: wei({
    group: 'Paying in the token',
    describe: 'the same for all senders together',
    fallback: ether,
  }),
  debtLimitWei: wei({
    group: 'Paying in the token',
    describe: 'debt up to which a sender may still pay after its operation',
    fallback: 0n,
  }),

  maxCallGasLimit: integer({
    group: 'Gas',
    describe: 'largest callGasLimit to sign for',
    fallback: 8_000_000,
    minimum: 50_000,
    maximum: 100_000_000,
  }),
  maxVerificationGasLimit: integer({
    group: 'Gas',
    describe: 'largest verificationGasLimit',
    fallback: 2_000_000,
    minimum: 50_000,
    maximum: 20_000_000,
  }),
  maxPreVerificationGas: integer({
    group: 'Gas',
    describe: 'largest preVerificationGas',
    fallback: 300_000,
    minimum: 30_000,
    maximum: 20_000_000,
  }),
  preVerificationGasSlackPercent: integer({
    group: 'Gas',
    describe: 'preVerificationGas to sign for beyond what the bytes of an operation need',
    fallback: 10,
    minimum: 0,
    maximum: 400,
  }),
  guardedBundlers: toggle({
    group: 'Gas',
    describe:
      'sign for the gas of a BundleGuard too, some 10,000 an operation, without which bundlers of an open network take none; false where yours sends straight to the EntryPoint',
    fallback: true,
  }),
  maxSignatureBytes: integer({
    group: 'Gas',
    describe: "longest account signature to reckon preVerificationGas with (the account's stub tells)",
    fallback: 768,
    minimum: 65,
    maximum: 65_536,
  }),
  gasLimitPercent: integer({
    group: 'Gas',
    describe: 'callGasLimit and verificationGasLimit to sign for, of what was used when played',
    fallback: 200,
    minimum: 105,
    maximum: 1_000,
  }),
  baseFeePercent: integer({
    group: 'Gas',
    describe: "most that a maxFeePerGas may be of the base fee, beside the tip's part",
    fallback: 400,
    minimum: 100,
    maximum: 10_000,
  }),
  tipPercent: integer({
    group: 'Gas',
    describe:
      "most that a maxPriorityFeePerGas may be of the network's tip (viem offers twice what a node tells)",
    fallback: 200,
    minimum: 100,
    maximum: 10_000,
  }),
  usualPriorityFeePerGasWei: wei({
    group: 'Gas',
    describe: "the network's tip while its blocks have room",
    fallback: gwei,
  }),
  maxFeePerGasWei: wei({ group: 'Gas', describe: 'largest maxFeePerGas', fallback: 100n * gwei }),
  maxPriorityFeePerGasWei: wei({
    group: 'Gas',
    describe: 'largest maxPriorityFeePerGas',
    fallback: 20n * gwei,
  }),

  stakeWei: wei({
    group: 'Treasury',
    describe: 'stake in the EntryPoint, without which bundlers refuse token modes',
    fallback: ether,
  }),
  unstakeDelaySeconds: integer({
    group: 'Treasury',
    describe: 'for how long the stake stays locked after unlocking',
    fallback: 86_400,
    minimum: 1,
    maximum: 4_294_967_295,
  }),
  depositMinimumWei: wei({
    group: 'Treasury',
    describe: 'gas deposit below which it is filled up',
    fallback: ether / 2n,
  }),
  depositTargetWei: wei({
    group: 'Treasury',
    describe: 'gas deposit to have at the start and after filling up',
    fallback: ether,
  }),
  treasuryEveryBlocks: integer({
    group: 'Treasury',
    describe: 'blocks between looks at the deposit',
    fallback: 5,
    minimum: 1,
    maximum: 10_000,
  }),
} as const

export const paymasterDefinition = { prefix: 'WORLDLAND_PAYMASTER', settings: paymasterSettings } as const

export type PaymasterConfig = SettingValues<typeof paymasterSettings>
