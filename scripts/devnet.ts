// `npm run devnet`: a chain like WorldLand with the whole suite on it.
import { runDevnetCommand } from './devnet/devnetCommand.ts'

// biome-ignore lint/style/noProcessEnv: the entry hands the environment on; only settings read it
process.exitCode = await runDevnetCommand({ argv: process.argv, environment: process.env })
