#!/usr/bin/env node
// worldland-paymaster: the command line of the service.
import { runDaemon } from '@worldland-aa/service/cli/runDaemon'
import { paymasterDefinition } from './config.ts'
import { controlSubcommands } from './operator/controlSubcommands.ts'
import { createPaymaster } from './paymaster.ts'
import { version } from './version.ts'

process.exitCode = await runDaemon(
  {
    name: 'worldland-paymaster',
    version,
    description:
      'An ERC-7677 paymaster for WorldLand: sponsors gas by policy, or takes it in the compute token',
    example: `  worldland-paymaster start --rpc-url http://127.0.0.1:8545 --paymaster 0x… \\
    --signer-key-file ./signer.key --policies ./policies.json`,
    definition: paymasterDefinition,
    compose: createPaymaster,
    commands: controlSubcommands,
  },
  // biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
  { argv: process.argv, environment: process.env },
)
