// npm run bench: measures this repository's bundler, paymaster, gateway or promises, or any other, and prints a table.
import { join } from 'node:path'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type BenchRun, type BenchRunOptions, withBenchRun } from './bench/benchRun.ts'
import { renderGatewayTable } from './bench/gateway/gatewayTable.ts'
import { measureGateway } from './bench/gateway/measureGateway.ts'
import { type BenchOptions, help, readOptions } from './bench/options.ts'
import { type Pair, renderPaymastersBeside } from './bench/paymaster/besideTable.ts'
import { measurePaymaster } from './bench/paymaster/measurePaymaster.ts'
import { renderPaymasterTable } from './bench/paymaster/paymasterTable.ts'
import { measurePromises } from './bench/promises/measurePromises.ts'
import { renderPromiseTable } from './bench/promises/promiseTable.ts'
import { runOnce } from './bench/runOnce.ts'
import { renderTable } from './bench/table.ts'
import { stopSignal } from './devnet/stopSignal.ts'
import { workspaceRoot } from './workspaceRoot.ts'

// The limit on calls from one address would measure itself.
const ownBundler = [
  'WORLDLAND_BUNDLER_EXECUTOR_KEYS="$EXECUTOR_KEYS"',
  `exec node '${join(workspaceRoot, 'bundler/dist/main.js')}' start`,
  '--rpc-url "$RPC_URL" --entry-point "$ENTRY_POINT" --port "$PORT" --calls-per-second 0',
  '--bytes-per-second 0 --unpaid-milliseconds-per-second 0',
  '--data-file "$DATA_DIRECTORY/bundler.sqlite" --log-level warn',
].join(' ')
const ownPaymaster = [
  `exec node '${join(workspaceRoot, 'paymaster/dist/main.js')}' start`,
  '--rpc-url "$RPC_URL" --paymaster "$PAYMASTER" --policies "$POLICIES" --port "$PORT"',
  '--signer-key-file "$SIGNER_KEY_FILE" --calls-per-second 0 --bytes-per-second 0',
  '--data-file "$DATA_DIRECTORY/paymaster.sqlite" --log-level warn',
].join(' ')
process.exitCode = await main()

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2), {
    bundler: ownBundler,
    paymaster: ownPaymaster,
  })
  if (!read.ok) {
    process.stderr.write(`${read.refusal.message}\n(--help says what there is)\n`)
    return read.refusal.code
  }
  const options = read.value
  if (options === undefined) {
    process.stdout.write(help)
    return 0
  }
  const { subject } = options
  if (subject.kind === 'paymaster') {
    const measure = (command: string) => (run: BenchRun) => measurePaymaster(run, { ...options, command })
    const { command, beside } = subject
    if (beside === undefined) return await report(options, alone(measure(command)), renderPaymasterTable)
    return await report(options, besideEachOther(measure(command), measure(beside)), renderPaymastersBeside)
  }
  if (subject.kind === 'gateway') {
    return await report(
      options,
      alone(run => measureGateway(run, options)),
      renderGatewayTable,
    )
  }
  if (subject.kind === 'promises') {
    return await report(
      options,
      alone(run => measurePromises(run, options)),
      renderPromiseTable,
    )
  }
  return await report(
    options,
    alone(run => runOnce(run, { ...options, subject })),
    renderTable,
  )
}

/** The `number`th, from 1. */
type MeasureRun<Figures> = (number: number, circumstances: BenchRunOptions) => Promise<Figures>

function alone<Figures>(measure: (run: BenchRun) => Promise<Figures>): MeasureRun<Figures> {
  return (_, circumstances) => withBenchRun(circumstances, measure)
}

/** The one that begins in turns: whatever becomes of the machine meanwhile befalls both. */
function besideEachOther<Figures>(
  measure: (run: BenchRun) => Promise<Figures>,
  measureBeside: (run: BenchRun) => Promise<Figures>,
): MeasureRun<Pair<Figures>> {
  return async (number, circumstances) => {
    const first = async (): Promise<Figures> => await withBenchRun(circumstances, measure)
    const second = async (): Promise<Figures> => await withBenchRun(circumstances, measureBeside)
    if (number % 2 === 1) return { measured: await first(), beside: await second() }
    const beside = await second()
    return { measured: await first(), beside }
  }
}

async function report<Figures>(
  options: BenchOptions,
  measure: MeasureRun<Figures>,
  render: (runs: readonly Figures[]) => string,
): Promise<number> {
  const runs: Figures[] = []
  // biome-ignore lint/style/noProcessEnv: the entry hands the environment on
  const signal = stopSignal(process.env)
  for (let number = 1; number <= options.runs; number++) {
    const say = (line: string): void => {
      process.stderr.write(`run ${number} of ${options.runs}: ${line}\n`)
    }
    try {
      runs.push(await measure(number, { signal, say }))
    } catch (error) {
      process.stderr.write(`The measurement broke off: ${reasonOf(error)}\n`)
      return signal.aborted ? 130 : 1 // as a shell reports an end by Ctrl-C
    }
  }
  process.stdout.write(
    options.json ? `${JSON.stringify({ options: describe(options), runs })}\n` : `\n${render(runs)}\n`,
  )
  return 0
}

/** The options without the key. */
function describe({ subject, ...rest }: BenchOptions): object {
  if (subject.kind === 'gateway' || subject.kind === 'promises') return { [subject.kind]: true, ...rest }
  const measured =
    subject.kind === 'running' ? { bundlerUrl: subject.bundlerUrl } : { command: subject.command }
  const beside = subject.kind === 'paymaster' && subject.beside !== undefined && { beside: subject.beside }
  return { ...measured, ...beside, ...rest }
}
