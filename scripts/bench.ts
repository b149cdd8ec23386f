// npm run bench: measures this repository's bundler, or any other, and prints a table.
import { join } from 'node:path'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { help, readOptions } from './bench/options.ts'
import { type RunFigures, runOnce } from './bench/runOnce.ts'
import { renderTable } from './bench/table.ts'
import { workspaceRoot } from './workspaceRoot.ts'

// The limit on calls from one address would measure itself.
const ownCommand = [
  'WORLDLAND_BUNDLER_EXECUTOR_KEYS="$EXECUTOR_KEYS"',
  `exec node '${join(workspaceRoot, 'bundler/dist/main.js')}' start`,
  '--rpc-url "$RPC_URL" --entry-point "$ENTRY_POINT" --port "$PORT" --calls-per-second 0',
  '--data-file "$DATA_DIRECTORY/bundler.sqlite" --log-level warn',
].join(' ')

process.exitCode = await main()

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2), ownCommand)
  if (!read.ok) {
    process.stderr.write(`${read.refusal.message}\n(--help says what there is)\n`)
    return read.refusal.code
  }
  const options = read.value
  if (options === undefined) {
    process.stdout.write(help)
    return 0
  }
  const runs: RunFigures[] = []
  for (let run = 1; run <= options.runs; run++) {
    try {
      runs.push(
        await runOnce(options, line => process.stderr.write(`run ${run} of ${options.runs}: ${line}\n`)),
      )
    } catch (error) {
      process.stderr.write(`The measurement broke off: ${reasonOf(error)}\n`)
      return 1
    }
  }
  process.stdout.write(
    options.json ? `${JSON.stringify({ options: describe(options), runs })}\n` : `\n${renderTable(runs)}\n`,
  )
  return 0
}

/** The options without the key. */
function describe({
  subject,
  ...rest
}: NonNullable<Extract<ReturnType<typeof readOptions>, { ok: true }>['value']>): object {
  const measured =
    subject.kind === 'command' ? { command: subject.command } : { bundlerUrl: subject.bundlerUrl }
  return { ...measured, ...rest }
}
