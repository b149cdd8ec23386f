// What a person can try once the story is told and the devnet stays up.
import { join } from 'node:path'
import type { Devnet } from '../devnet/startDevnet.ts'
import type { Story } from './story.ts'

/** `consoleLink`: signs in once. */
export function farewell(devnet: Devnet, story: Story, consoleLink: string): readonly string[] {
  const { bundlerUrl } = devnet
  return [
    'The operation that rented the machine, as the bundler keeps it:',
    `  ${curl(bundlerUrl, 'eth_getUserOperationReceipt', [story.userOperationHash])}`,
    '',
    "The paymaster's console, where the operation is with its reason and its cost (the link signs in once, within an hour):",
    `  ${consoleLink}`,
    '',
    'What gas costs now, and what it costs in the token:',
    `  ${curl(bundlerUrl, 'pimlico_getUserOperationGasPrice', [])}`,
    `  ${curl(bundlerUrl, 'pimlico_getTokenQuotes', [
      { tokens: [devnet.contracts.token] },
      devnet.entryPoint,
      `0x${devnet.chainId.toString(16)}`,
    ])}`,
    '',
    'How the daemons are:',
    `  curl -s ${bundlerUrl}/health; curl -s ${bundlerUrl}/metrics; curl -s ${devnet.paymasterUrl}/health`,
    '',
    `Addresses and a faucet key for a dApp of your own: ${join(devnet.dataDirectory, 'devnet.json')}`,
    `The chain is at ${devnet.rpcUrl}; the providers go on serving. Ctrl-C stops everything.`,
  ]
}

function curl(url: string, method: string, params: readonly unknown[]): string {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  return `curl -s ${url} -H 'content-type: application/json' -d '${body}'`
}
