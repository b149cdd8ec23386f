// Everything an operator can set, in the order a person sets it up. Flags, WORLDLAND_BUNDLER_…
// variables, the JSON file and --help all follow from this one record.

import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { lagPatienceSeconds } from '@worldland-aa/service/config/lagPatience'
import { serverSettings } from '@worldland-aa/service/config/serverSettings'
import {
  address,
  httpUrl,
  integer,
  list,
  oneOf,
  optionalAddress,
  optionalHttpUrl,
  optionalText,
  type SettingValues,
  text,
  toggle,
  wei,
} from '@worldland-aa/service/config/setting'
import type { Address } from 'viem'
import { evmForks } from './chains/evmFork.ts'
import { participationSettings } from './participation/settings.ts'
import type { StakeMinimums } from './validation/limits.ts'

const gwei = 10n ** 9n
const ether = 10n ** 18n

export const bundlerSettings = {
  rpcUrl: httpUrl({
    group: 'Chain',
    describe: 'JSON-RPC of an execution node; public eth_* methods are all it needs',
  }),
  entryPoint: address({
    group: 'Chain',
    describe: 'the EntryPoint to serve',
    fallback: entryPoint07Address,
  }),
  entryPointVersion: oneOf({
    group: 'Chain',
    describe: 'which EntryPoint it is; auto: told by its address',
    choices: ['auto', '0.6', '0.7', '0.8', '0.9'],
    fallback: 'auto',
  }),
  tracer: oneOf({
    group: 'Chain',
    describe:
      'where validation is traced: in this process (local, which is auto), by debug_traceCall of the node, or by its erc7562Tracer (native)',
    choices: ['auto', 'local', 'debug', 'native'],
    fallback: 'auto',
  }),
  pollMilliseconds: integer({
    group: 'Chain',
    describe: 'how often to look for a new block',
    fallback: 500,
    minimum: 50,
    maximum: 60_000,
  }),
  lagPatienceSeconds,
  finalityBlocks: integer({
    group: 'Chain',
    describe: 'blocks on top after which an inclusion is final; 0 takes the chain profile',
    fallback: 0,
    minimum: 0,
    maximum: 10_000,
  }),

  fork: oneOf({
    group: 'Chain',
    describe:
      'the EVM level of the chain, by which opcodes and precompiles are judged (ERC-7562 OP-013, OP-062); auto probes it',
    choices: ['auto', ...evmForks],
    fallback: 'auto',
  }),
  extraPrecompiles: list({
    group: 'Chain',
    describe: 'precompiles that validation may call beside those of the fork, such as RIP-7212 at 0x…0100',
    item: address({ group: 'Chain', describe: 'a precompile' }).schema,
    fallback: [],
  }),

  executorKeys: text({
    group: 'Executors',
    describe: 'private keys that send bundles, one a line or separated by commas',
    secret: true,
  }),
  beneficiary: optionalAddress({
    group: 'Executors',
    describe: "who receives the operations' gas payments; default: the executor that sent the bundle",
  }),
  maxInFlightPerExecutor: integer({
    group: 'Executors',
    describe: 'bundles an executor may have waiting for a block at once',
    fallback: 4,
    minimum: 1,
    maximum: 16,
  }),
  minimumExecutorBalanceWei: wei({
    group: 'Executors',
    describe: 'an executor below it is set aside until it is refilled',
    fallback: ether / 20n,
  }),

  ...serverSettings({ port: 4337 }),
  debugApi: toggle({
    group: 'Server',
    describe: 'serve debug_bundler_*, with which anyone may empty the mempool: for tests only',
    fallback: false,
  }),
  paymasterUrl: optionalHttpUrl({
    group: 'Server',
    describe: 'JSON-RPC of the paymaster that answers pm_* and token quotes on this URL',
  }),

  minimumStakeWei: wei({
    group: 'Validation (ERC-7562)',
    describe: 'MIN_STAKE_VALUE: stake from which an entity counts as staked',
    fallback: ether,
  }),
  minimumUnstakeDelaySeconds: integer({
    group: 'Validation (ERC-7562)',
    describe: 'MIN_UNSTAKE_DELAY of a staked entity',
    fallback: 86_400,
    minimum: 0,
    maximum: 4_294_967_295,
  }),
  maxVerificationGas: integer({
    group: 'Validation (ERC-7562)',
    describe: 'largest verificationGasLimit and paymasterVerificationGasLimit',
    fallback: 1_000_000,
    minimum: 100_000,
    maximum: 20_000_000,
  }),

  validationThreads: integer({
    group: 'Validation (ERC-7562)',
    describe: 'threads that run validation and estimates; each keeps the state it needs in memory',
    fallback: 1,
    minimum: 1,
    maximum: 64,
  }),
  unpaidMillisecondsPerSecond: integer({
    group: 'Validation (ERC-7562)',
    describe:
      'milliseconds a second that estimates, and the validation of operations which are refused, may take for one caller; 0 for no limit',
    fallback: 200,
    minimum: 0,
    maximum: 1_000,
  }),
  verificationGasSlack: integer({
    group: 'Validation (ERC-7562)',
    describe: 'gas by which a verification limit must exceed what validation uses (LIM-030)',
    fallback: 4_000,
    minimum: 0,
    maximum: 1_000_000,
  }),
  validityMarginSeconds: integer({
    group: 'Validation (ERC-7562)',
    describe:
      'seconds for which an operation must stay valid when it is sent, and a sixth more when it is accepted; 0 takes six mean gaps between blocks of the chain profile',
    fallback: 0,
    minimum: 0,
    maximum: 86_400,
  }),
  allowUnstakedPaymasterContext: oneOf({
    group: 'Validation (ERC-7562)',
    describe:
      'whether an unstaked paymaster may return context (EREP-050); auto: with EntryPoint v0.7 alone, as the official suites have it',
    choices: ['auto', 'true', 'false'],
    fallback: 'auto',
  }),
  maxOperationBytes: integer({
    group: 'Validation (ERC-7562)',
    describe:
      'largest operation, ABI-encoded (MAX_USEROP_SIZE, LIM-010); other bundlers may not take more than 8,192, and --max-body-bytes must let twice as much in',
    fallback: 8_192,
    minimum: 2_048,
    maximum: 131_072,
  }),
  alternativeMempools: optionalText({
    group: 'Validation (ERC-7562)',
    describe: 'JSON file of alternative mempools: which rules each relaxes, for whom (RULES.md)',
  }),
  throttlingSlack: integer({
    group: 'Reputation (ERC-7562)',
    describe: 'THROTTLING_SLACK: tens of operations that may stay away before an entity is throttled',
    fallback: 10,
    minimum: 0,
    maximum: 1_000_000,
  }),
  banSlack: integer({
    group: 'Reputation (ERC-7562)',
    describe: 'BAN_SLACK: the same before it is banned',
    fallback: 50,
    minimum: 0,
    maximum: 1_000_000,
  }),
  allowedEntities: list({
    group: 'Reputation (ERC-7562)',
    describe: 'addresses that are never throttled or banned',
    item: address({ group: 'Reputation', describe: 'an entity' }).schema,
    fallback: [],
  }),
  pairedPaymasters: list({
    group: 'Reputation (ERC-7562)',
    describe:
      "the operator's own paymasters, never throttled or banned; the one at --paymaster-url is among them by itself",
    item: address({ group: 'Reputation', describe: 'a paymaster' }).schema,
    fallback: [],
  }),
  deniedEntities: list({
    group: 'Reputation (ERC-7562)',
    describe: 'addresses that are always banned',
    item: address({ group: 'Reputation', describe: 'an entity' }).schema,
    fallback: [],
  }),

  maxMempoolOperations: integer({
    group: 'Mempool',
    describe: 'operations that may wait at once; the worst paying make room',
    fallback: 20_000,
    minimum: 10,
    maximum: 1_000_000,
  }),
  dataFile: text({
    group: 'Mempool',
    describe: 'SQLite file that operations, bundles and receipts live in',
    fallback: './bundler.sqlite',
  }),

  bundleGasLimit: integer({
    group: 'Bundling',
    describe: 'most gas of one bundle',
    fallback: 12_000_000,
    minimum: 1_000_000,
    maximum: 1_000_000_000,
  }),
  expectedBundleOperations: integer({
    group: 'Bundling',
    describe: 'operations over which preVerificationGas spreads the 21,000 gas of a transaction',
    fallback: 1,
    minimum: 1,
    maximum: 100,
  }),
  bundleIntervalMilliseconds: integer({
    group: 'Bundling',
    describe: 'how long a bundle gathers operations before it is sent',
    fallback: 250,
    minimum: 0,
    maximum: 60_000,
  }),
  profitMarginPercent: integer({
    group: 'Bundling',
    describe: 'what the operations must pay above the gas of their bundle; 0: cover it',
    fallback: 0,
    minimum: 0,
    maximum: 1_000,
  }),

  minimumPriorityFeePerGasWei: wei({
    group: 'Fees',
    describe: 'lowest tip to offer and to accept; 0 takes the chain profile',
    fallback: 0n,
  }),
  maxFeePerGasWei: wei({
    group: 'Fees',
    describe: 'never pay more for gas than this',
    fallback: 500n * gwei,
  }),
  resubmitAfterBlocks: integer({
    group: 'Fees',
    describe:
      'blocks a bundle may wait before it is sent again with a higher fee; one that the base fee has left behind is at once, or gives its nonce back after as many',
    fallback: 3,
    minimum: 1,
    maximum: 100,
  }),

  ...participationSettings,
} as const

export const bundlerDefinition = { prefix: 'WORLDLAND_BUNDLER', settings: bundlerSettings } as const

export type BundlerConfig = SettingValues<typeof bundlerSettings>

/** Bundles go through it where turns are kept. */
export function guardFrom({
  bundlerRegistry,
  bundleGuard,
}: Pick<BundlerConfig, 'bundlerRegistry' | 'bundleGuard'>): Address | undefined {
  return bundlerRegistry === undefined ? undefined : bundleGuard
}

export function stakeMinimumsFrom(
  config: Pick<BundlerConfig, 'minimumStakeWei' | 'minimumUnstakeDelaySeconds'>,
): StakeMinimums {
  return { stakeWei: config.minimumStakeWei, unstakeDelaySeconds: config.minimumUnstakeDelaySeconds }
}
