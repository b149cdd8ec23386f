// `npm run deploy`: the suite onto any chain, with a funded key.

import { reasonOf } from '@worldland-aa/service/reasonOf'
import { runDeployCommand } from './deploy/deployCommand.ts'

// biome-ignore lint/style/noProcessEnv: the entry hands the environment on; only settings read it
const view = { argv: process.argv, environment: process.env }
try {
  process.exitCode = await runDeployCommand(view)
} catch (error) {
  process.stderr.write(`The deployment failed: ${reasonOf(error)}\n`)
  process.exitCode = 1
}
