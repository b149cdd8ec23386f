// `npm run first-operation`: shows that a node serves, by what its users do: an operation on the house, landed.
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { runFirstOperationCommand } from './firstOperation/firstOperationCommand.ts'

// biome-ignore lint/style/noProcessEnv: the entry hands the environment on; only settings read it
const view = { argv: process.argv, environment: process.env }
try {
  process.exitCode = await runFirstOperationCommand(view)
} catch (error) {
  process.stderr.write(`No operation has landed: ${reasonOf(error)}\n`)
  process.exitCode = 1
}
