// npm run hostile: does the house keep its promises while strangers do what strangers do?
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { withBenchRun } from './bench/benchRun.ts'
import { stopSignal } from './devnet/stopSignal.ts'
import { hostileRun } from './hostile/hostileRun.ts'
import { help, readHostileOptions } from './hostile/options.ts'
import { renderReport } from './hostile/report.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  const read = readHostileOptions(process.argv.slice(2))
  if (!read.ok) {
    process.stderr.write(`${read.refusal.message}\n(--help says what there is)\n`)
    return read.refusal.code
  }
  const options = read.value
  if (options === undefined) {
    process.stdout.write(help)
    return 0
  }
  // biome-ignore lint/style/noProcessEnv: the entry hands the environment on
  const signal = stopSignal(process.env)
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`)
  }
  try {
    const { phases, verdicts } = await withBenchRun({ signal, say }, run => hostileRun(run, options))
    process.stdout.write(
      `${options.json ? JSON.stringify({ options, phases, verdicts }) : renderReport(phases, verdicts)}\n`,
    )
    return verdicts.every(({ kept }) => kept) ? 0 : 1
  } catch (error) {
    process.stderr.write(`The run broke off: ${reasonOf(error)}\n`)
    return signal.aborted ? 130 : 1 // as a shell reports an end by Ctrl-C
  }
}
