// `worldland-bundler probe --rpc-url …`: what a chain and its node can do, for who is about to run a bundler there.
import { subcommand } from '@worldland-aa/service/cli/subcommand'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { bundlerSettings } from '../config.ts'
import { probeReport } from './probeReport.ts'

export const probeCommand = subcommand({
  name: 'probe',
  description: 'tell what a chain and its node can do, and which EntryPoints run there',
  example: '  worldland-bundler probe --rpc-url http://127.0.0.1:8545',
  definition: { prefix: 'WORLDLAND_BUNDLER', settings: { rpcUrl: bundlerSettings.rpcUrl } },
  async run({ rpcUrl }) {
    try {
      process.stdout.write(`${await probeReport(rpcUrl)}\n`)
      return 0
    } catch (error) {
      process.stderr.write(`the chain could not be probed: ${reasonOf(error)}\n`)
      return 1
    }
  },
})
