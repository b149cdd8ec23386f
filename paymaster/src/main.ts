#!/usr/bin/env node
// worldland-paymaster: the command line of the service.
import { backupCommand, restoreCommand } from '@worldland-aa/service/cli/backupCommands'
import { keysCommands } from '@worldland-aa/service/cli/keysCommands'
import { runDaemon } from '@worldland-aa/service/cli/runDaemon'
import { backups } from './backups.ts'
import { checkCommand } from './checkCommand.ts'
import { paymasterDefinition } from './config.ts'
import { controlSubcommands } from './operator/controlSubcommands.ts'
import { createPaymaster } from './paymaster.ts'
import { paymasterKeys } from './paymasterKeys.ts'
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
    commands: [
      checkCommand,
      ...controlSubcommands,
      keysCommands(paymasterKeys),
      backupCommand(backups),
      restoreCommand(backups),
    ],
  },
  // biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
  { argv: process.argv, environment: process.env },
)
