#!/usr/bin/env node
// worldland-bundler: the command line of the node.
import { runDaemon } from '@worldland-aa/service/cli/runDaemon'
import { createBundler } from './bundler.ts'
import { probeReport } from './chains/probeReport.ts'
import { bundlerDefinition } from './config.ts'
import { version } from './version.ts'

process.exitCode = await runDaemon(
  {
    name: 'worldland-bundler',
    version,
    description: 'An ERC-4337 bundler (EntryPoint v0.6 to v0.9) for WorldLand and other EVM chains',
    example: `  worldland-bundler start --rpc-url http://127.0.0.1:8545 --executor-keys-file ./keys.txt \\
    --paymaster-url http://127.0.0.1:4338`,
    definition: bundlerDefinition,
    compose: createBundler,
    commands: [
      {
        name: 'probe',
        describe: 'tell what a chain and its node can do, and which EntryPoints run there',
        options: { '--rpc-url <url>': 'JSON-RPC of the node' },
        run: ({ rpcUrl = '' }) => probeReport(rpcUrl),
      },
    ],
  },
  // biome-ignore lint/style/noProcessEnv: the one place where the environment comes in
  { argv: process.argv, environment: process.env },
)
