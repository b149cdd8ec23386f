// What the official conformance suite (eth-infinitism/bundler-spec-tests) is run against: a geth, its EntryPoint, and
// this bundler as the suite asks for it. `start` returns when all of it answers, `stop` ends it, `restart` does both.

import { startSuiteBundler } from './officialSuite/startSuiteBundler.ts'
import { startSuiteNode } from './officialSuite/startSuiteNode.ts'
import { readSuiteOptions } from './officialSuite/suiteOptions.ts'
import { remember, stopAll } from './officialSuite/suiteProcesses.ts'

const [command = ''] = process.argv.slice(2)
process.exitCode = await main()

async function main(): Promise<number> {
  // biome-ignore lint/style/noProcessEnv: the suite hands its launcher nothing else
  const options = readSuiteOptions(process.env)
  if (!['start', 'stop', 'restart'].includes(command) || options === undefined) {
    process.stderr.write(
      'give start, stop or restart; GETH=/path/to/geth, and ENTRY_POINT_VERSION=0.6, 0.7 or 0.8 (0.7 if not given)\n',
    )
    return 64 // EX_USAGE of sysexits.h
  }
  if (command !== 'start') await stopAll(options)
  if (command === 'stop') return 0
  const node = await startSuiteNode(options)
  const bundler = await startSuiteBundler(options, node)
  await remember(options, [node.process, bundler])
  return 0
}
