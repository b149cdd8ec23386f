// `worldland-bundler promises`: what this node has promised, and what has become of it, out of its data file; it may run.
import { exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { subcommand } from '@worldland-aa/service/cli/subcommand'
import { integer, toggle } from '@worldland-aa/service/config/setting'
import { openReader } from '@worldland-aa/service/database/reader'
import { bundlerSettings } from '../../config.ts'
import type { InclusionPromiseTable } from './migration.ts'

const group = 'Promises'
const { dataFile } = bundlerSettings

export const promisesCommand = subcommand({
  name: 'promises',
  description: 'list the promises of inclusion in the data file, the latest block first',
  example: '  worldland-bundler promises --data-file ./bundler.sqlite --own true --limit 20',
  definition: {
    prefix: 'WORLDLAND_BUNDLER',
    settings: {
      dataFile,
      own: toggle({ group, describe: "only this node's, not those of others", fallback: false }),
      limit: integer({ group, describe: 'how many at most', fallback: 50, minimum: 1, maximum: 10_000 }),
      json: toggle({ group, describe: 'answer as JSON, a line each', fallback: false }),
    },
    alsoInFile: bundlerSettings,
  },
  async run({ dataFile: path, own, limit, json }) {
    const reader = openReader(path)
    try {
      const rows = reader.all<InclusionPromiseTable>(
        `select * from inclusion_promise ${own ? 'where is_own = 1' : ''} order by latest_block desc limit ?`,
        limit,
      )
      process.stdout.write(rows.map(row => `${json ? JSON.stringify(row) : line(row)}\n`).join(''))
      return exitCodes.done
    } finally {
      reader.close()
    }
  },
})

function line(row: InclusionPromiseTable): string {
  const who = row.is_own === 1 ? 'own' : `bundler ${row.bundler_id}`
  return `${row.operation_hash}  by block ${String(row.latest_block).padStart(9)}  ${row.state.padEnd(6)}  ${who}`
}
