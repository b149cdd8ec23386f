#!/usr/bin/env node
// worldland-provider: the command line of the daemon.
import { backupCommand, restoreCommand } from '@worldland-aa/service/cli/backupCommands'
import { keysCommands } from '@worldland-aa/service/cli/keysCommands'
import { runDaemon } from '@worldland-aa/service/cli/runDaemon'
import { backups } from './backups.ts'
import { checkCommand } from './checkCommand.ts'
import { providerDefinition } from './config.ts'
import { controlSubcommands } from './operator/controlSubcommands.ts'
import { createProvider } from './provider.ts'
import { providerKeys } from './providerKeys.ts'
import { version } from './version.ts'

process.exitCode = await runDaemon(
  {
    name: 'worldland-provider',
    version,
    description: 'A GPU provider: serves leases and serverless sessions of the WorldLand compute market',
    example: `  worldland-provider start --rpc-url http://127.0.0.1:8545 --contracts-file contracts.json \\
    --provider-key-file provider.key --market-file provider.json`,
    definition: providerDefinition,
    compose: createProvider,
    commands: [
      checkCommand,
      ...controlSubcommands,
      keysCommands(providerKeys),
      backupCommand(backups),
      restoreCommand(backups),
    ],
  },
  // biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
  { argv: process.argv, environment: process.env },
)
