// A wallet in the page of the console that holds a devnet's accounts: `window.ethereum`, which forwards to the node. It
// begins on another chain, as wallets do, and can be told to say no.
import type { Page } from 'playwright-core'
import { type Address, numberToHex } from 'viem'

type Request = { readonly method: string; readonly params?: readonly unknown[] }

export type OwnerWallet = {
  /** Methods that the page asked for, in order. */
  readonly asked: string[]
  /** What it turns down from here on, by its code of ERC-1193; undefined for nothing. */
  refuseWith(code: number | undefined): void
  use(account: Address): void
}

export async function injectOwnerWallet(
  page: Page,
  options: { readonly rpcUrl: string; readonly account: Address; readonly chainId: number },
): Promise<OwnerWallet> {
  let { account } = options
  let chainId = 1
  let refusal: number | undefined
  const asked: string[] = []

  async function answer({ method, params = [] }: Request): Promise<object> {
    asked.push(method)
    if (method === 'eth_requestAccounts' || method === 'eth_accounts') return { result: [account] }
    if (method === 'eth_chainId') return { result: numberToHex(chainId) }
    if (method === 'wallet_switchEthereumChain') {
      chainId = Number((params[0] as { chainId: string }).chainId)
      return { result: null }
    }
    if (refusal !== undefined && method === 'eth_sendTransaction') {
      return { error: { code: refusal, message: 'User rejected the request.' } }
    }
    const response = await fetch(options.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    return (await response.json()) as object
  }

  await page.exposeFunction('askOwnerWallet', answer)
  await page.addInitScript(injectProvider)
  return {
    asked,
    refuseWith(code) {
      refusal = code
    },
    use(other) {
      account = other
    },
  }
}

/** Runs in the page, before its own scripts. */
function injectProvider(): void {
  const page = globalThis as unknown as {
    ethereum: object
    askOwnerWallet: (
      request: Request,
    ) => Promise<{ result?: unknown; error?: { code: number; message: string } }>
  }
  page.ethereum = {
    async request(request: Request) {
      const { result, error } = await page.askOwnerWallet(request)
      if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code })
      return result
    },
    on() {},
    removeListener() {},
  }
}
