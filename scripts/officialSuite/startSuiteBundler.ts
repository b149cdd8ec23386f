// This bundler with the settings that the suite asks of any.
import type { ChildProcess } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import type { SuiteNode } from './startSuiteNode.ts'
import type { SuiteOptions } from './suiteOptions.ts'
import { startProcess, untilAnswering } from './suiteProcesses.ts'

export async function startSuiteBundler(options: SuiteOptions, node: SuiteNode): Promise<ChildProcess> {
  const { folder, bundlerPort } = options
  const dataFile = join(folder, 'bundler.sqlite')
  for (const ending of ['', '-wal', '-shm']) await rm(`${dataFile}${ending}`, { force: true })
  const child = startProcess(
    options,
    'bundler',
    process.execPath,
    [
      join(workspaceRoot, 'bundler/dist/main.js'),
      'start',
      ...['--rpc-url', node.url, '--entry-point', node.entryPoint, '--port', String(bundlerPort)],
      ...[
        '--data-file',
        dataFile,
        '--debug-api',
        'true',
        '--calls-per-second',
        '0',
        '--unpaid-milliseconds-per-second',
        '0',
        '--log-level',
        'debug',
      ],
      // The stakes of the suite's entities, and the gas that its operations ask for.
      ...['--minimum-stake-wei', '1000000000000000000', '--minimum-unstake-delay-seconds', '2'],
      ...['--max-verification-gas', '5000000', '--bundle-gas-limit', '25000000'],
      ...options.bundlerFlags,
    ],
    { WORLDLAND_BUNDLER_EXECUTOR_KEYS: node.executorKeys.join(',') },
  )
  await untilAnswering(child, `http://127.0.0.1:${bundlerPort}`)
  return child
}
