// The client of whoever owns the account: gas in the compute token, nothing in native coin.
import { type ComputeContracts, createComputeClient, toComputeAccount, worldland } from '@worldland-aa/sdk'
import { createPublicClient, type Hex, http } from 'viem'
import type { Owner } from './owners'

export type Devnet = {
  readonly rpcUrl: string
  readonly bundlerUrl: string
  readonly contracts: ComputeContracts
  readonly faucetKey: Hex
}

export async function readDevnet(): Promise<Devnet> {
  return await (await fetch('/devnet.json')).json()
}

export async function createRenter({ rpcUrl, bundlerUrl, contracts }: Devnet, owner: Owner) {
  const client = createPublicClient({ chain: worldland, transport: http(rpcUrl), pollingInterval: 500 })
  const account = await toComputeAccount({ client, contracts, owner })
  return createComputeClient({ account, bundlerUrl, contracts, pollingInterval: 500 })
}
