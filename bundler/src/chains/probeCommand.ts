// `worldland-bundler probe --rpc-url …`: what a chain and its node can do, and whether `start` would serve there, for
// who is about to run a bundler. Exits by that.
import { exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { subcommand } from '@worldland-aa/service/cli/subcommand'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { bundlerSettings } from '../config.ts'
import { probeReport } from './probeReport.ts'

const { rpcUrl, entryPoint, entryPointVersion, tracer, fork } = bundlerSettings

export const probeCommand = subcommand({
  name: 'probe',
  description:
    'tell what a chain and its node can do, and whether start would serve there; exits with 1 if not',
  example: '  worldland-bundler probe --rpc-url http://127.0.0.1:8545',
  definition: {
    prefix: 'WORLDLAND_BUNDLER',
    settings: { rpcUrl, entryPoint, entryPointVersion, tracer, fork },
    alsoInFile: bundlerSettings,
  },
  async run(settings) {
    try {
      const { text, obstacles } = await probeReport(settings)
      process.stdout.write(`${text}\n`)
      for (const obstacle of obstacles) process.stderr.write(`start would not serve here: ${obstacle}\n`)
      return obstacles.length === 0 ? exitCodes.done : exitCodes.no
    } catch (error) {
      process.stderr.write(`the chain could not be probed: ${reasonOf(error)}\n`)
      return exitCodes.unavailable
    }
  },
})
