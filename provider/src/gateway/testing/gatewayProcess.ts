// A gateway in a process of its own, for tests that kill it. Finds its folder, its ports and its endpoints in its first
// argument, and says on its output when it serves.
import { startGatewayStage } from './gatewayStage.ts'

const options = JSON.parse(process.argv[2] ?? '{}')
const stage = await startGatewayStage(options.endpoints, options)
process.stdout.write(`${JSON.stringify({ url: stage.url() })}\n`)
