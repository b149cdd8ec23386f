#!/usr/bin/env node
// worldland-bundler: the command line of the node.
import { backupCommand, restoreCommand } from '@worldland-aa/service/cli/backupCommands'
import { keysCommands } from '@worldland-aa/service/cli/keysCommands'
import { type Daemon, runDaemon } from '@worldland-aa/service/cli/runDaemon'
import { backups } from './backups.ts'
import { createBundler } from './bundler.ts'
import { probeCommand } from './chains/probeCommand.ts'
import { checkCommand } from './checkCommand.ts'
import { bundlerDefinition } from './config.ts'
import { executorKeys } from './executorKeys.ts'
import { explainCommand } from './explanation/explainCommand.ts'
import { joinCommand } from './participation/join/joinCommand.ts'
import { leaveCommand } from './participation/leaveCommand.ts'
import { challengeCommand } from './participation/promises/challengeCommand.ts'
import { promisesCommand } from './participation/promises/promisesCommand.ts'
import { parseUserOperation } from './rpc/parseUserOperation.ts'
import { version } from './version.ts'

// biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
const view = { argv: process.argv, environment: process.env }

const daemon: Daemon<typeof bundlerDefinition.settings> = {
  name: 'worldland-bundler',
  version,
  description: 'An ERC-4337 bundler (EntryPoint v0.6 to v0.9) for WorldLand and other EVM chains',
  example: `  worldland-bundler start --rpc-url http://127.0.0.1:8545 --executor-keys-file ./keys.txt \\
    --paymaster-url http://127.0.0.1:4338`,
  definition: bundlerDefinition,
  compose: createBundler,
  commands: [
    joinCommand(async configuration => {
      const argv = [...view.argv.slice(0, 2), 'start', '--config', configuration]
      return await runDaemon(daemon, { ...view, argv })
    }),
    leaveCommand,
    checkCommand,
    probeCommand,
    explainCommand({ parseUserOperation }),
    promisesCommand,
    challengeCommand,
    keysCommands(executorKeys),
    backupCommand(backups),
    restoreCommand(backups),
  ],
}

process.exitCode = await runDaemon(daemon, view)
