// The files that bundler and paymaster start with on a chain that was just deployed to: addresses filled in, all else
// at its default. What is there already is the operator's own by now, and stays.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Deployment } from './deployAll.ts'
import { renterPolicy } from './renterPolicy.ts'

/** What all renters together may cost the operator in a day, until he writes another budget. */
const dailyCostWei = '10ether'

const bundlerUrl = 'http://127.0.0.1:4337'
const paymasterUrl = 'http://127.0.0.1:4338'

export type WrittenFile = { readonly path: string; readonly outcome: 'written' | 'kept' }

export function writeStartConfiguration(
  folder: string,
  options: { readonly rpcUrl: string; readonly deployment: Pick<Deployment, 'contracts'> },
): readonly WrittenFile[] {
  mkdirSync(folder, { recursive: true })
  return Object.entries(startConfiguration(folder, options)).map(([name, content]) => {
    const path = join(folder, name)
    if (existsSync(path)) return { path, outcome: 'kept' }
    writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`)
    return { path, outcome: 'written' }
  })
}

/** By file name. */
function startConfiguration(
  folder: string,
  options: { readonly rpcUrl: string; readonly deployment: Pick<Deployment, 'contracts'> },
): Readonly<Record<string, object>> {
  const { rpcUrl, deployment } = options
  const { contracts } = deployment
  const factories = [contracts.computeAccountFactory, contracts.simpleAccountFactory]
  // Each daemon tells the other for whom it asks.
  const trustedProxies = ['127.0.0.1']
  return {
    'bundler.json': { rpcUrl, paymasterUrl, trustedProxies },
    'paymaster.json': {
      rpcUrl,
      paymaster: contracts.paymaster,
      policies: resolve(folder, 'policies.json'),
      bundlerUrl,
      trustedProxies,
    },
    'policies.json': { policies: [renterPolicy({ contracts, factories, dailyCostWei })] },
  }
}
