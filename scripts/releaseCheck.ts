// `npm run release:check`: the packages as their users will meet them, before anybody does.
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { runReleaseCheckCommand } from './release/releaseCheckCommand.ts'

try {
  // biome-ignore lint/style/noProcessEnv: the entry hands the environment on; only settings read it
  process.exitCode = await runReleaseCheckCommand({ argv: process.argv, environment: process.env })
} catch (error) {
  process.stderr.write(`The packages are not fit for release: ${reasonOf(error)}\n`)
  process.exitCode = 1
}
