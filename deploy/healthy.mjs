// The image's HEALTHCHECK: asks the daemon that the container runs how it is. With an address it asks there whether a
// chain's node answers, for the devnet.
import { readFileSync } from 'node:fs'

const isPaymaster = readFileSync('/proc/1/cmdline', 'utf8').includes('worldland-paymaster')
// biome-ignore lint/style/noProcessEnv: it stands alone in the image, beside the daemons' own variables
const { WORLDLAND_BUNDLER_PORT = '4337', WORLDLAND_PAYMASTER_PORT = '4338' } = process.env
const port = isPaymaster ? WORLDLAND_PAYMASTER_PORT : WORLDLAND_BUNDLER_PORT
const [, , nodeUrl] = process.argv

const question = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }
const headers = { 'content-type': 'application/json' }
const answer = await (nodeUrl === undefined
  ? fetch(`http://127.0.0.1:${port}/health`)
  : fetch(nodeUrl, { method: 'POST', headers, body: JSON.stringify(question) }))
process.stdout.write(`${await answer.text()}\n`)
// At once: the connection would be kept for the next question.
process.exit(answer.ok ? 0 : 1)
