// The daemons' commands, as npm has linked them in the consumer's folder, against a node.
import type { Devnet } from '../devnet/startDevnet.ts'
import { runProgramBeside } from './runProgram.ts'

/** One line about it; throws when a command does not run. */
export async function checkDaemons(consumer: string, devnet: Devnet): Promise<string> {
  const run = async (name: string, ...args: readonly string[]) =>
    (await runProgramBeside({ command: `node_modules/.bin/${name}`, args, folder: consumer })).trim()
  const bundler = await run('worldland-bundler', '--version')
  const paymaster = await run('worldland-paymaster', '--version')
  const provider = await run('worldland-provider', '--version')
  await run('worldland-bundler', 'probe', '--rpc-url', devnet.rpcUrl)
  return `worldland-bundler ${bundler} probed the node, worldland-paymaster ${paymaster} and worldland-provider ${provider} answer`
}
