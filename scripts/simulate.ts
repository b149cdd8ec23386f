// npm run simulate: many bundlers on the real schedule, policy and mempool, over a modelled chain and network.
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { runSimulateCommand } from './simulate/simulateCommand.ts'

// biome-ignore lint/style/noProcessEnv: the entry hands the environment on; only settings read it
const view = { argv: process.argv, environment: process.env }
try {
  process.exitCode = await runSimulateCommand(view)
} catch (error) {
  process.stderr.write(`The simulation broke off: ${reasonOf(error)}\n`)
  process.exitCode = 1
}
