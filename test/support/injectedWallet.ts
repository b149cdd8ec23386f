// A wallet as a page meets it: an EIP-1193 provider that signs by a node's unlocked account, and may turn down.
import { type Address, createPublicClient, type EIP1193Parameters, type EIP1193Provider, http } from 'viem'

export type InjectedWallet = {
  readonly provider: EIP1193Provider
  readonly address: Address
  /** Methods that were asked for, in order. */
  readonly asked: readonly string[]
  /** From here on the person says no to whatever is to be signed. */
  refuse(): void
}

type Handler = (parameters: readonly unknown[]) => Promise<unknown>

/** `handlers` answer methods that the node does not know. */
export async function injectedWallet(options: {
  readonly rpcUrl: string
  readonly accountIndex?: number
  readonly handlers?: Readonly<Record<string, Handler>>
}): Promise<InjectedWallet> {
  const { rpcUrl, accountIndex = 0, handlers = {} } = options
  const node = createPublicClient({ transport: http(rpcUrl) })
  const addresses = (await node.request({ method: 'eth_accounts' } as never)) as readonly Address[]
  const address = addresses[accountIndex]
  if (address === undefined) throw new Error('The node has no unlocked account')
  const asked: string[] = []
  let isRefusing = false
  const signing = ['personal_sign', 'eth_signTypedData_v4', 'wallet_sendCalls']
  async function request({ method, params }: EIP1193Parameters): Promise<unknown> {
    asked.push(method)
    if (isRefusing && signing.includes(method)) {
      throw Object.assign(new Error('MetaMask Tx Signature: User denied the signature.'), { code: 4001 })
    }
    const handler = handlers[method]
    if (handler !== undefined) return await handler((params ?? []) as readonly unknown[])
    if (method === 'eth_requestAccounts' || method === 'eth_accounts') return [address]
    if (method === 'wallet_requestPermissions') return [{ parentCapability: 'eth_accounts' }]
    return await node.request({ method, params } as never)
  }
  const provider = {
    request,
    on: () => undefined,
    removeListener: () => undefined,
  } as unknown as EIP1193Provider
  return {
    provider,
    address,
    asked,
    refuse() {
      isRefusing = true
    },
  }
}
