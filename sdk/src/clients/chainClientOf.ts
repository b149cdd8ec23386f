// A bundler client speaks to a bundler, which serves no eth_call: contract reads have to go to the node
// that the client, or its smart account, knows.
import type { Chain, Client, Transport } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'

/** viem's bundler client, permissionless's smart account client, or any other over a smart account. */
export type SmartAccountClient = Client<Transport, Chain | undefined, SmartAccount | undefined>

/** The client to read the chain with: `client.client`, else its smart account's, else itself. */
export function chainClientOf(client: Client | SmartAccountClient): Client {
  const { client: beside, account } = client as {
    client?: Client | undefined
    account?: { client?: Client | undefined } | undefined
  }
  return beside ?? account?.client ?? (client as Client)
}
