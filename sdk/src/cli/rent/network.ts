// The chain that the command speaks to: contracts and URLs out of the deployment's file and the flags, the account out of
// a key that comes from a file or the environment and goes nowhere else.
import { createPublicClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { toComputeAccount } from '../../account/toComputeAccount.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { worldland } from '../../chains/worldland.ts'
import { createComputeClient } from '../../clients/createComputeClient.ts'
import { createComputeReadClient } from '../../clients/createComputeReadClient.ts'
import { readContractsFile } from './contractsFile.ts'
import type { Flags } from './flags.ts'
import { ownerKey } from './ownerKey.ts'
import { UsageError } from './usageError.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export type Network = {
  readonly contracts: ComputeContracts
  readonly rpcUrl: string
  readonly bundlerUrl: string | undefined
}

export function networkOf(flags: Flags): Network {
  const path = flags['contracts-file']
  if (path === undefined) throw new UsageError('Where is the market? Give --contracts-file FILE.')
  const file = readContractsFile(path)
  return {
    contracts: file.contracts,
    rpcUrl: flags['rpc-url'] ?? file.rpcUrl ?? worldland.rpcUrls.default.http[0],
    bundlerUrl: flags['bundler-url'] ?? file.bundlerUrl,
  }
}

const pollingMilliseconds = 1_000

export function readClientOf({ contracts, rpcUrl }: Network) {
  return createComputeReadClient({ transport: http(rpcUrl), contracts, pollingInterval: pollingMilliseconds })
}

/** The renter: pays for gas in the compute token, and needs no coin. */
export async function renterOf(
  { contracts, rpcUrl, bundlerUrl }: Network,
  flags: Flags,
  environment: Environment,
) {
  if (bundlerUrl === undefined) throw new UsageError('Who is to land it? Give --bundler-url URL.')
  const client = createPublicClient({
    chain: worldland,
    transport: http(rpcUrl),
    pollingInterval: pollingMilliseconds,
  })
  const owner = privateKeyToAccount(ownerKey(flags, environment))
  const account = await toComputeAccount({ client, contracts, owner })
  return createComputeClient({ account, bundlerUrl, contracts, pollingInterval: pollingMilliseconds })
}
export type Renter = Awaited<ReturnType<typeof renterOf>>
