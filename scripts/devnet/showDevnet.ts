// Where to look, once a devnet is up.
import { join } from 'node:path'
import type { BlockTime } from './blockProduction.ts'
import { devnetMnemonic } from './devnetKeys.ts'
import { seedProviders } from './seedOffers.ts'
import type { Devnet } from './startDevnet.ts'

export function showDevnet(devnet: Devnet, blockTime: BlockTime, consoleLink: string): string {
  const blocks = blockTime === 'pow' ? 'at random, every 10 s on average' : `every ${blockTime} s`
  const offers = seedProviders.reduce((count, provider) => count + provider.offers.length, 0)
  const rows: readonly (readonly [string, string])[] = [
    ['chain', `${devnet.rpcUrl}   id ${devnet.chainId}, London, blocks ${blocks}`],
    ['bundler', `${devnet.bundlerUrl}   also pm_* and token quotes; /health, /metrics`],
    ['paymaster', devnet.paymasterUrl],
    ['console', `${consoleLink}   signs in once, within an hour`],
    [
      'market',
      `${seedProviders.length} providers, ${offers} offers; the providers accept and serve by themselves`,
    ],
    ['addresses', join(devnet.dataDirectory, 'devnet.json')],
    ['logs', join(devnet.dataDirectory, '*.log')],
    ['keys', `all from the public test mnemonic "${devnetMnemonic}": never send real coins to them`],
  ]
  const lines = rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`)
  return `\nThe devnet is up. Ctrl-C stops it.\n\n${lines.join('\n')}\n\n`
}
