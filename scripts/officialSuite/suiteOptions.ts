// What the environment says of a run of the official suite.
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const suiteVersions = ['0.6', '0.7', '0.8'] as const

export type SuiteOptions = {
  /** A geth of 1.13 or later: the suite's contracts are of Cancun. */
  readonly geth: string
  readonly version: (typeof suiteVersions)[number]
  readonly nodePort: number
  readonly bundlerPort: number
  /** Where logs, data and process numbers are kept until the next start. */
  readonly folder: string
  /** Flags of the bundler beside those that the suite needs. */
  readonly bundlerFlags: readonly string[]
}

type Environment = Readonly<
  Partial<Record<'GETH' | 'ENTRY_POINT_VERSION' | 'NODE_PORT' | 'BUNDLER_PORT' | 'BUNDLER_FLAGS', string>>
>

export function readSuiteOptions(environment: Environment): SuiteOptions | undefined {
  const { GETH: geth = 'geth', ENTRY_POINT_VERSION: given = '0.7' } = environment
  const version = suiteVersions.find(one => one === given)
  if (version === undefined) return undefined
  const bundlerPort = Number(environment.BUNDLER_PORT ?? 3_000)
  return {
    geth,
    version,
    nodePort: Number(environment.NODE_PORT ?? 8_545),
    bundlerPort,
    folder: join(tmpdir(), `worldland-official-suite-${bundlerPort}`),
    bundlerFlags: environment.BUNDLER_FLAGS?.split(' ').filter(Boolean) ?? [],
  }
}
