// `npm run demo`: the main job of the suite, from nothing to a rented GPU and back.
import { runDemoCommand } from './demo/demoCommand.ts'

// biome-ignore lint/style/noProcessEnv: the entry hands the environment on; only settings read it
process.exitCode = await runDemoCommand({ argv: process.argv, environment: process.env })
