// The files that bundler and paymaster start with, and that others' bundlers join by, on a chain that was just deployed
// to: addresses filled in, all else at its default. What is there already is the operator's own by now, and stays.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Address } from 'viem'
import { renterPolicy } from './renterPolicy.ts'

/** What all renters together may cost the operator in a day, until he writes another budget. */
const dailyCostWei = '10ether'

type Options = {
  readonly rpcUrl: string
  readonly chainId: number
  readonly entryPoint: Address
  readonly bundlerPort: number
  readonly paymasterPort: number
  readonly contracts: ComputeContracts
}

export type WrittenFile = { readonly path: string; readonly outcome: 'written' | 'kept' }

export function writeStartConfiguration(folder: string, options: Options): readonly WrittenFile[] {
  mkdirSync(folder, { recursive: true })
  return Object.entries(startConfiguration(folder, options)).map(([name, content]) => {
    const path = join(folder, name)
    if (existsSync(path)) return { path, outcome: 'kept' }
    writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`)
    return { path, outcome: 'written' }
  })
}

/** By file name. */
function startConfiguration(folder: string, options: Options): Readonly<Record<string, object>> {
  const { rpcUrl, chainId, entryPoint, bundlerPort, paymasterPort, contracts } = options
  const factories = [contracts.computeAccountFactory, contracts.simpleAccountFactory]
  // Each daemon tells the other for whom it asks.
  const trustedProxies = ['127.0.0.1']
  return {
    'bundler.json': {
      rpcUrl,
      port: bundlerPort,
      paymasterUrl: `http://127.0.0.1:${paymasterPort}`,
      trustedProxies,
    },
    'paymaster.json': {
      rpcUrl,
      paymaster: contracts.paymaster,
      policies: resolve(folder, 'policies.json'),
      port: paymasterPort,
      bundlerUrl: `http://127.0.0.1:${bundlerPort}`,
      trustedProxies,
    },
    // For whoever joins with a bundler: publish it, with the multiaddrs of bundlers that are always there.
    'network.json': {
      chainId,
      entryPoint,
      bundlerRegistry: contracts.bundlerRegistry,
      bundleGuard: contracts.bundleGuard,
      accountFactory: contracts.simpleAccountFactory,
      bootnodes: [],
    },
    'policies.json': { policies: [renterPolicy({ contracts, factories, dailyCostWei })] },
  }
}
