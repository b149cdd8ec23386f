// What a person can set of a devnet; the demo takes the same.
import { join } from 'node:path'
import { integer, type SettingValues, text, toggle } from '@worldland-aa/service/config/setting'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { workspaceRoot } from '../workspaceRoot.ts'
import type { BlockTime } from './blockProduction.ts'

export const defaultPortBase = 8545
export const defaultDataDirectory = join(workspaceRoot, '.devnet')

export const devnetSettings = {
  portBase: integer({
    group: 'Devnet',
    describe: 'port of the chain; bundler and paymaster take the next two; 0 takes any free ones',
    fallback: defaultPortBase,
    minimum: 0,
    maximum: 65_533,
  }),
  blockTime: text({
    group: 'Devnet',
    describe: 'seconds between blocks, or pow: random gaps of 10 seconds on average, as on WorldLand',
    placeholder: 'seconds|pow',
    fallback: '2',
  }),
  dataDirectory: text({
    group: 'Devnet',
    describe: 'where chain, databases, logs and devnet.json are kept',
    placeholder: 'folder',
    fallback: defaultDataDirectory,
  }),
  keep: toggle({
    group: 'Devnet',
    describe: 'go on with the chain and the databases of the last run',
    fallback: false,
  }),
} as const

export type DevnetSettings = SettingValues<typeof devnetSettings>

export function parseBlockTime(given: string): Result<BlockTime> {
  if (given === 'pow') return accept(given)
  const seconds = Number(given)
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= 3_600) return accept(seconds)
  return refuse({
    code: 78, // EX_CONFIG of sysexits.h
    message: `--block-time must be a whole number of seconds from 1 to 3600, or pow, but is "${given}"`,
  })
}
