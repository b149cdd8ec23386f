// The operator's key with a way to the node: what it sends are ordinary transactions, one after the other.

import type { Node } from '@worldland-aa/service/chain/connectNode'
import { nodeTransport } from '@worldland-aa/service/chain/nodeTransport'
import {
  type Chain,
  createWalletClient,
  type PrivateKeyAccount,
  type Transport,
  type WalletClient,
} from 'viem'

export type Operator = WalletClient<Transport, Chain, PrivateKeyAccount>

export function operatorOf({ client }: Node, rpcUrl: string, account: PrivateKeyAccount): Operator {
  const transport = nodeTransport(rpcUrl, { timeoutMilliseconds: 20_000, retryCount: 2, batchSize: 1 })
  return createWalletClient({ account, chain: client.chain as Chain, transport })
}
