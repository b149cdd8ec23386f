// A node for development lets its owner change the state between two blocks, which no chain does: what was read at a
// block may then be old although the block is not.
import type { PublicClient } from 'viem'

const developmentNodes = /^(anvil|hardhat|ganache|ethereumjs testrpc)/i

export async function isDevelopmentNode(client: PublicClient): Promise<boolean> {
  const version = await client.request({ method: 'web3_clientVersion' }).catch(() => '')
  return developmentNodes.test(version)
}
